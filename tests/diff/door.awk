# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Takes from the output of diff what differs behind the mount door, and is meant to: the list
# in "THE MOUNT DOOR" of libprivtmp(7). What is left is printed, and is not.

# TEXT, with what is the same to both sides written in one way.
function plain(text)
{
	# The program is a child of the launcher, so that its number is another one.
	gsub(/\/proc\/[0-9]+/, "/proc/PID", text)
	return text
}

# TEXT without the owners of files.
function ownerless(text)
{
	gsub(/ [ug]id=[0-9]+/, "", text)
	return plain(text)
}

function step_of(line)
{
	sub(/ : .*/, "", line)
	return line
}

# Whether the steps A (real) and B (behind the door) may differ so.
function is_meant(a, b)
{
	if (plain(a) == plain(b))
		return 1
	# In a plain user's namespace others' files are nobody's.
	if (b ~ / uid=65534 / && ownerless(a) == ownerless(b))
		return 1
	if (step_of(a) != step_of(b))
		return 0
	# No file can be given to an id that the namespace does not know.
	if (a ~ /chown/ && a ~ / => -1 EPERM( exit 0)?$/ && b ~ / => -1 EINVAL( exit 0)?$/)
		return 1
	# A guarded directory is a mount: no name leads out of it, and it is not moved.
	return a ~ /(rename|link)/ && b ~ / => -1 (EXDEV|EBUSY)( exit 0)?$/
}

# What belongs to a hunk: what a step changed stands below it, indented.
function end_hunk(    i, meant, crossed)
{
	meant = n == m
	for (i = 1; i <= n && meant; i++) {
		meant = is_meant(real[i], door[i])
		crossed = crossed || plain(real[i]) != plain(door[i])
	}
	# A name that crossed has changed what the other side has kept.
	meant = meant && (crossed || changed["<"] == changed[">"])
	if (!meant && n == m && n > 1 && changed["<"] == changed[">"]) {
		# Beside what is meant: that alone.
		print substr(hunk, 1, index(hunk, "\n") - 1)
		for (i = 1; i <= n; i++)
			if (!is_meant(real[i], door[i]))
				printf "< %s\n> %s\n", real[i], door[i]
	} else if (!meant) {
		printf "%s", hunk
	}
	n = m = 0
	hunk = changed["<"] = changed[">"] = ""
}

/^[0-9]/ { end_hunk() }
{ hunk = hunk $0 "\n" }
/^[<>] fixture: / { next }
/^[<>]  / { changed[substr($0, 1, 1)] = changed[substr($0, 1, 1)] plain(substr($0, 2)) "\n"; next }
/^</ { real[++n] = substr($0, 3) }
/^>/ { door[++m] = substr($0, 3) }
END { end_hunk() }
