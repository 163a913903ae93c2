# SPDX-License-Identifier: LGPL-2.1-or-later
# Shared paths: what the kernel refuses by fs.protected_symlinks, _regular and _fifos is
# refused there by the shim, whatever those are set to. Each attack is shown without the
# shim, too, where the kernel lets it succeed.

load common

setup() {
	need_users
	[[ -n ${PRIVTMP_TEST_ISOLATED:-} ]] || skip "plants files in /tmp, and needs its own"
	NAME=privtmp-shared-$$-$RANDOM
	DIR=$(scratch)
	PLACE=/tmp/$NAME
	export PRIVTMP_SHARE="/tmp/$NAME*"
	chmod 755 "$DIR"
	mkdir "$DIR/home"
	echo secret >"$DIR/home/file"
	chown -R "$TEST_UID" "$DIR/home"
}

teardown() {
	rm -rf /tmp/privtmp-shared-*
}

# victim COMMAND [ARG]...: under the shim, as the user that is attacked.
victim() {
	as_user env LD_PRELOAD="$SHIM" "$@"
}

# works COMMAND...: without the shim the attack succeeds, unless the kernel refuses.
works() {
	! link_attacks_work >/dev/null || "$@"
}

appends() {
	"$1" sh -c "echo more >>$2"
}

@test "a link that another user planted is not followed, to read or to write" {
	as_other ln -s "$DIR/home/file" "$PLACE"
	works as_user sh -c "echo overwritten >$PLACE"
	works grep -q overwritten "$DIR/home/file"
	echo secret >"$DIR/home/file"
	run ! victim sh -c "echo overwritten >$PLACE"
	assert_output --partial "Permission denied"
	run ! victim sh -c "echo overwritten >>$PLACE"
	run ! victim cat "$PLACE"
	assert_output --partial "Permission denied"
	run ! victim truncate -s 0 "$PLACE"
	run ! victim chmod 777 "$PLACE"
	run ! victim dd if=/dev/null of="$PLACE" status=none
	assert_equal "$(cat "$DIR/home/file")" secret
	assert_equal "$(stat -c %a "$DIR/home/file")" 644
	# The link itself can be looked at.
	run -0 victim readlink "$PLACE"
	assert_output "$DIR/home/file"
}

@test "nor is a dangling one, to make a file" {
	as_other ln -s "$DIR/home/new" "$PLACE"
	works as_user sh -c "echo made >$PLACE"
	works test -e "$DIR/home/new"
	rm -f "$DIR/home/new"
	run ! victim sh -c "echo made >$PLACE"
	run ! victim touch "$PLACE"
	[[ ! -e $DIR/home/new ]]
}

@test "nor one in the middle of a path, or behind a .. or a slash" {
	as_other ln -s "$DIR/home" "$PLACE"
	works as_user cat "$PLACE/file"
	run ! victim cat "$PLACE/file"
	run ! victim ls "$PLACE/"
	run ! victim cat "/tmp/../tmp/$NAME/file"
	run ! victim cat "/tmp/./$NAME/../home/file"
	run ! victim rm "$PLACE/file"
	run ! victim mkdir "$PLACE/new"
	[[ -e $DIR/home/file && ! -e $DIR/home/new ]]
}

@test "a link of one's own, of the directory's owner or in a closed directory is followed" {
	as_user ln -s "$DIR/home/file" "$PLACE"
	run -0 victim cat "$PLACE"
	assert_output secret
	rm "$PLACE"
	ln -s "$DIR/home" "$PLACE"
	run -0 victim cat "$PLACE/file"
	assert_output secret
	rm "$PLACE"
	mkdir -m 755 "$PLACE"
	chown "$OTHER_UID" "$PLACE"
	as_other ln -s "$DIR/home/file" "$PLACE/link"
	run -0 victim cat "$PLACE/link"
	assert_output secret
	mkdir -m 1777 "$PLACE-sticky"
	as_other ln -s "$DIR/home/file" "$PLACE-sticky/link"
	run ! victim cat "$PLACE-sticky/link"
}

@test "a file or FIFO that another user planted is not opened to be made" {
	as_other sh -c "umask 0; echo planted >$PLACE; mkfifo $PLACE-fifo"
	works appends as_user "$PLACE"
	run ! victim sh -c "echo more >>$PLACE"
	assert_output --partial "Permission denied"
	run ! victim sh -c "echo more >$PLACE"
	run ! victim dd if=/dev/null of="$PLACE" status=none oflag=append conv=notrunc
	run ! victim dd if=/dev/null of="$PLACE" status=none oflag=nofollow conv=notrunc
	run ! victim timeout 5 sh -c "echo more >$PLACE-fifo"
	assert_output --partial "Permission denied"
	refute_output --partial Terminated
	works test "$(wc -l <"$PLACE")" -eq 2
	# To be read it may well be another's: that is what it is shared for.
	run -0 victim head -n 1 "$PLACE"
	assert_output planted
	run -0 victim dd if=/dev/null of="$PLACE" status=none conv=nocreat,notrunc
	run -1 victim dd if=/dev/null of="$PLACE" status=none conv=excl
	assert_output --partial "File exists"
}

@test "one's own files and those of the directory's owner are opened to be made" {
	run -0 victim sh -c "echo mine >$PLACE; echo more >>$PLACE; cat $PLACE"
	assert_output $'mine\nmore'
	[[ -e $PLACE ]]
	echo root >"$PLACE-root"
	chmod 666 "$PLACE-root"
	run -0 victim sh -c "echo more >>$PLACE-root; cat $PLACE-root"
	assert_output $'root\nmore'
}

@test "a program that uses nothing but shared paths needs no session" {
	echo text >"$PLACE"
	run -0 victim strace -f -e trace=mkdir,mkdirat cat "$PLACE"
	assert_output --partial text
	refute_output --partial .privtmp-
}
