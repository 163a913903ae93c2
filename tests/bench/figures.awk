# SPDX-License-Identifier: LGPL-2.1-or-later
# The README's table of what the shim costs, from summary.awk's JSON (after field.awk).

/"section"/ {
	key = field("section") " " field("name")
	median[key] = field("median") + 0
	ratio[key] = field("ratio") + 0
}

# A row: a section's ratio to running bare for the shim (SECTION NAME) and others.
function row(what, section, ours, more) {
	printf "    %-42s %6.2f%s\n", what, ratio[section " " ours], (more ? "  " more : "")
}

function other(section, name, called) {
	return sprintf("%s %.2f", called, ratio[section " " name])
}

function instructions(what) {
	return sprintf("%d instructions more, no system call", \
		median["instructions:" what " shim"] - median["instructions:" what " bare"])
}

END {
	printf "    %-42s %6s\n", "as times of running without it", "shim"
	row("access(2) elsewhere", "call-elsewhere", "shim", instructions("access"))
	row("access(2) in /tmp", "call-redirected", "shim", instructions("access_tmp"))
	row("the same, over one of the backing's path", "call-backing", "shim", "")
	row("/bin/true, joining a session", "start", "shim-joins", \
		other("start", "empty", "an empty preload") ", " other("start", "bubblewrap", "bubblewrap"))
	row("/bin/true, in a session of its own", "start", "shim-starts", "")
	row("/bin/true, by privtmp run", "start", "run", \
		other("start", "fakechroot", "fakechroot") ", " other("start", "firejail", "firejail"))
	row("a static program, by the mount door", "static", "door", \
		other("static", "bubblewrap", "bubblewrap"))
	row("/bin/true, in a confined session", "confine-start", "confine", \
		other("confine-start", "made", "a session made as early"))
	row("open(2) elsewhere, confined", "confine-open", "confine", \
		other("confine-open", "made", "not confined"))
	row("this project's ./configure", "configure", "shim", \
		other("configure", "empty", "an empty preload"))
	printf "    %-42s %6.2f  bare %.2f\n", "calls a second, two threads over one", \
		median["2-threads shim"], median["2-threads bare"]
	printf "    %-42s %6.2f  bare %.2f\n", "calls a second, two processes over one", \
		median["2-processes shim"], median["2-processes bare"]
	row("removing 100,000 files, over rm -rf", "removal", "shim", "")
	printf "    %-42s %6d  KiB more than an empty preload\n", "memory of a process's own", \
		median["memory shim"] - median["memory empty"]
}
