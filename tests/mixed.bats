# SPDX-License-Identifier: LGPL-2.1-or-later
# A daemon and the worker that it has let become another user share one private /tmp.
# To each other they are what users of a real one are: what the kernel refuses by
# fs.protected_* is refused in it, whatever those are set to. Each attack is shown
# without the shim, too, where the kernel lets it succeed.

load common

setup() {
	need_users
	need_own_tmp
	DIR=$(scratch)
	mkdir -m 700 "$DIR/roots"
	echo secret >"$DIR/roots/file"
	DROP="setpriv --reuid=$TEST_UID --regid=$TEST_UID --clear-groups"
	W="$DROP sh -c"
}

teardown() {
	has_own_tmp || return 0
	rm -rf /tmp/m-*
}

# bare STEP..., in_session STEP...: what the steps of a root's program come to.
bare() {
	"$PROGS/starts" "$@" >"$BATS_TEST_TMPDIR/bare"
}
in_session() {
	run -0 shimmed "$PROGS/starts" "$@"
	assert_equal "$(cat "$DIR/roots/file")" secret
	assert_no_session
}

# works COMMAND...: without the shim the attack succeeds, unless the kernel refuses.
works() {
	if link_attacks_work >"$BATS_TEST_TMPDIR/why"; then
		"$@"
	else
		echo "# not shown without the shim: $(cat "$BATS_TEST_TMPDIR/why")" >&3
	fi
}

said() {
	grep -qx "$1" "$BATS_TEST_TMPDIR/bare"
}

@test "root's program does not follow a link that its worker has planted" {
	local steps=(make:/tmp/m-first
		"sh:$W 'cd /tmp; ln -s $DIR/roots/file m-l; ln -s $DIR/roots m-d; ln -s $DIR/roots/new m-n'"
		read:/tmp/m-l read:/tmp/./m-l read:/tmp/m-d/file read:/tmp//m-d//file
		look:/tmp/m-l make:/tmp/m-n
		cd:/tmp read:m-l read:m-d/file read:./m-d/../m-l make:m-n stream:m-l
		read:/proc/self/cwd/m-l
		hold:/tmp readat:m-l readat:m-d/file makeat:m-n read:/proc/self/fd/9/m-l
		cd:/ readat:m-l read:tmp/m-l
		shut:/tmp/m-l stream:/tmp/m-l read:/tmp/m-first)

	bare "${steps[@]}"
	works said "read /tmp/m-l: secret"
	works said "stream m-l: written"
	works said "makeat m-n: made"
	works grep -q program "$DIR/roots/file"
	echo secret >"$DIR/roots/file"
	rm -f "$DIR/roots/new" /tmp/m-*
	in_session "${steps[@]}"
	refute_output --partial secret
	refute_output --partial privtmp:
	assert_equal "$(grep -v ^shut <<<"$output" | grep -c ": EACCES$")" 19
	# Which of them is the kernel's matter.
	assert_line --regexp "^shut /tmp/m-l: (ELOOP|EACCES)$"
	assert_line "read /tmp/m-first: program"
	[[ ! -e $DIR/roots/new ]]
}

@test "nor one that its worker has planted since posix_spawn was told of the name" {
	local steps=(make:/tmp/m-first "sh:ln -s m-first /tmp/m-own"
		"then:$W 'ln -s $DIR/roots/file /tmp/m-l'=/tmp/m-l"
		"then:$W true=/tmp/m-first" spawn:/tmp=m-own)

	bare "${steps[@]}"
	works grep -q ": secret" "$BATS_TEST_TMPDIR/bare"
	rm -f /tmp/m-*
	in_session "${steps[@]}"
	refute_output --partial secret
	assert_equal "$(grep -c "EACCES$" <<<"$output")" 1
	assert_equal "$(grep -c ": program$" <<<"$output")" 2
}

@test "nor does it open what its worker has made, to make it" {
	local steps=(make:/tmp/m-first
		"sh:$W 'cd /tmp; umask 0; echo worker >m-f; mkfifo m-p; mkdir -m 1777 m-s m-o; echo worker >m-s/f; echo worker >m-o/f; chmod 755 m-o'"
		make:/tmp/m-f make:/tmp/m-p stream:/tmp/m-f shut:/tmp/m-f
		cd:/tmp make:m-f hold:/tmp makeat:m-p
		read:/tmp/m-f look:/tmp/m-f make:/tmp/m-s/f make:/tmp/m-o/f make:/tmp/m-new)

	bare "${steps[@]}"
	works said "make /tmp/m-f: made"
	works said "make /tmp/m-p: made"
	rm -rf /tmp/m-*
	in_session "${steps[@]}"
	for step in "make /tmp/m-f" "make /tmp/m-p" "stream /tmp/m-f" "shut /tmp/m-f" \
		"make m-f" "makeat m-p"; do
		assert_line "$step: EACCES"
	done
	# To be read it may be the worker's; and so may what is in a directory of its own.
	assert_line "read /tmp/m-f: worker"
	assert_line "make /tmp/m-s/f: made"
	assert_line "make /tmp/m-o/f: made"
	assert_line "make /tmp/m-new: made"
}

@test "the worker may use root's links, and root its own" {
	chmod 755 "$DIR/roots"
	in_session make:/tmp/m-first "sh:ln -s $DIR/roots/file /tmp/m-l; mkdir /tmp/m-d; ln -s ../m-l /tmp/m-d/l" \
		"sh:$W 'cat /tmp/m-l; cd /tmp; cat m-l m-d/l; mkdir own; ln -s $DIR/roots/file own/l; ln -s own/l m-w; cat m-w'" \
		read:/tmp/m-l read:/tmp/m-d/l cd:/tmp read:m-d/l read:own/l
	assert_equal "$(grep -c secret <<<"$output")" 8
}

@test "the worker gives root's files no names of its own" {
	local steps=(make:/tmp/m-a "sh:chmod 600 /tmp/m-a" "as:$TEST_UID" hard:/tmp/m-a cd:/tmp
		hard:m-a make:/tmp/m-own hard:/tmp/m-own as:0 hard:/tmp/m-a)

	bare "${steps[@]}"
	[[ $(cat /proc/sys/fs/protected_hardlinks) != 0 ]] || said "hard /tmp/m-a: linked"
	rm -f /tmp/m-*
	in_session "${steps[@]}"
	assert_line "hard /tmp/m-a: EPERM"
	assert_line "hard m-a: EPERM"
	assert_line "hard /tmp/m-own: linked"
	assert_line --index 9 "hard /tmp/m-a: linked"
}

@test "a link that is put in a file's or a directory's place in time is not followed" {
	local step steps
	local swap="sh:$W 'cd /tmp; echo x >m-f; ln -s $DIR/roots/file m-f.other; mkdir m-d; echo x >m-d/file; ln -s $DIR/roots m-d.other'"

	for step in race:/tmp/m-f race:/tmp/m-d/file racemake:/tmp/m-f; do
		steps=(make:/tmp/m-first "$swap" "cd:/tmp" "swap:$(cut -d / -f 3 <<<"$step")" "$step")
		bare "${steps[@]}"
		works said "${step/:/ }: caught"
		rm -rf /tmp/m-* /tmp/away
		in_session "${steps[@]}"
		assert_line --regexp "^${step/:/ }: never"
		rm -rf /tmp/away
	done
}

@test "what is not there is no link, however often the kernel has to look again" {
	local mounts

	# A mount anywhere makes it begin anew, and count on.
	unshare -m true || skip "needs mount namespaces"
	(while unshare -m true; do :; done) 3>&- &
	mounts=$!
	in_session make:/tmp/m-first "as:$TEST_UID" as:0 absent:/tmp/m-absent
	kill "$mounts"
	wait "$mounts" || true
	assert_line "absent /tmp/m-absent: 0"
}

@test "whose rights count is the thread's own user for files" {
	in_session make:/tmp/m-first \
		"sh:$W 'echo worker >/tmp/m-w; chmod 666 /tmp/m-w; ln -s $DIR/roots/file /tmp/m-l'" \
		make:/tmp/m-w "files:$TEST_UID" make:/tmp/m-w look:/tmp/m-l files:0 make:/tmp/m-w
	assert_line --index 2 "make /tmp/m-w: EACCES"
	assert_line --index 4 "make /tmp/m-w: made"
	assert_line --index 7 "make /tmp/m-w: EACCES"
}

@test "what leads elsewhere is not walked in such a session" {
	run -0 shimmed strace -f -e trace=readlink,readlinkat,open,openat,statx -o "$BATS_TEST_TMPDIR/log" \
		"$PROGS/starts" make:/tmp/m-a "as:$TEST_UID" as:0 read:/tmp/m-a \
		read:/etc/passwd read:/etc/passwd
	sed -n '/m-a/,$p' "$BATS_TEST_TMPDIR/log" >"$BATS_TEST_TMPDIR/tail"
	run ! grep -E 'readlink(at)?\(.*/etc' "$BATS_TEST_TMPDIR/tail"
	assert_equal "$(grep -c '/etc/passwd' "$BATS_TEST_TMPDIR/tail")" 2
}
