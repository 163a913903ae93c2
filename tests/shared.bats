# SPDX-License-Identifier: LGPL-2.1-or-later
# Shared paths: what the kernel refuses by fs.protected_symlinks, _regular and _fifos is
# refused there by the shim, whatever those are set to. Each attack is shown without the
# shim, too, where the kernel lets it succeed.

load common

setup() {
	need_users
	need_own_tmp
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
	run -0 victim cat "/tmp/../tmp/$NAME/file"
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

@test "nor in a user namespace, where all strangers look like the directory's owner" {
	local how

	as_user unshare -U true 2>/dev/null || skip "needs unprivileged user namespaces"
	as_other ln -s "$DIR/home/file" "$PLACE"
	mkdir "$PLACE-in"
	chmod 1777 "$PLACE-in"
	as_other ln -s "$DIR/home/file" "$PLACE-in/link"
	for how in -U -Ur "-U --map-user=65534"; do
		# shellcheck disable=SC2086 # two words
		run ! as_user unshare $how env LD_PRELOAD="$SHIM" cat "$PLACE"
		assert_output --partial "Permission denied"
		# shellcheck disable=SC2086
		run ! as_user unshare $how env LD_PRELOAD="$SHIM" cat "$PLACE-in/link"
		assert_output --partial "Permission denied"
	done
	# It is the namespace that decides, not the number.
	rm "$PLACE"
	as_id 65534 ln -s "$DIR/home/file" "$PLACE"
	run -0 as_id 65534 env LD_PRELOAD="$SHIM" cat "$PLACE"
	assert_output secret
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
	run -0 victim sh -c "echo more >>/tmp/../$PLACE-root; cat $PLACE-root"
	assert_output $'root\nmore'
}

# planted: a shared directory in which another user has planted a link to read, one to
# write, a file and a FIFO.
planted() {
	mkdir -m 1777 "$PLACE"
	chown root "$DIR/home" "$DIR/home/file"
	chmod 666 "$DIR/home/file"
	as_other sh -c "cd $PLACE && ln -s $DIR/home/file link && ln -s $DIR/home dir &&
		umask 0 && echo planted >file && mkfifo fifo"
	echo mine >"$PLACE/own"
	chown "$TEST_UID" "$PLACE/own"
	mkdir -m 1777 "$PLACE/sub"
	as_other ln -s "$DIR/home/file" "$PLACE/sub/link"
}

RELATIVE=(cd:PLACE read:link read:./link read:dir/file make:link make:file make:fifo stream:link
	look:link read:sub/link read:sub/../link read:own make:own
	hold:PLACE readat:link readat:dir/file makeat:file readat:own
	fcd:9 read:link read:own read:/proc/self/fd/9/link read:/dev/fd/9/link
	cd:/ readat:link)

@test "nor by a name that starts in the shared directory" {
	planted
	# shellcheck disable=SC2016 # expanded by eval
	works eval 'as_user "$PROGS/starts" "${RELATIVE[@]/PLACE/$PLACE}" >"$BATS_TEST_TMPDIR/bare"'
	works grep -q "^read link: secret" "$BATS_TEST_TMPDIR/bare"
	works grep -q "^stream link: written" "$BATS_TEST_TMPDIR/bare"
	works grep -q "^makeat file: made" "$BATS_TEST_TMPDIR/bare"
	echo secret >"$DIR/home/file"
	echo mine >"$PLACE/own"
	run -0 victim "$PROGS/starts" "${RELATIVE[@]/PLACE/$PLACE}"
	assert_output "cd $(cut -c 1-20 <<<"$PLACE"): there
read link: EACCES
read ./link: EACCES
read dir/file: EACCES
make link: EACCES
make file: EACCES
make fifo: EACCES
stream link: EACCES
look link: EACCES
read sub/link: EACCES
read sub/../link: EACCES
read own: mine
make own: made
hold $(cut -c 1-20 <<<"$PLACE"): held
readat link: EACCES
readat dir/file: EACCES
makeat file: EACCES
readat own: program
fcd 9: there
read link: EACCES
read own: program
read /proc/self/fd/9/link: EACCES
read /dev/fd/9/link: EACCES
cd /: there
readat link: EACCES"
	assert_equal "$(cat "$DIR/home/file")" secret
}

@test "nor where the program was started there, or is handed it as a descriptor" {
	planted
	cd "$PLACE"
	run -0 victim "$PROGS/starts" read:link read:own
	assert_output $'read link: EACCES\nread own: mine'
	run ! victim sh -c 'cat own; cat link; echo overwritten >link; exec cat link'
	assert_output --partial "Permission denied"
	refute_output --partial secret
	run -0 as_user "$PRIVTMP" run -- "$PROGS/starts" read:link read:own
	assert_output $'read link: EACCES\nread own: mine'
	cd /
	run -0 victim "$PROGS/starts" readat:link readat:own fcd:9 read:link read:own 9<"$PLACE"
	assert_output $'readat link: EACCES\nreadat own: mine\nfcd 9: there\nread link: EACCES\nread own: mine'
	run -0 victim "$PROGS/starts" read:/proc/self/fd/9/link read:/proc/self/fd/9/own 9<"$PLACE"
	assert_output $'read /proc/self/fd/9/link: EACCES\nread /proc/self/fd/9/own: mine'
	run ! victim sh -c "cd $PLACE; cat link; echo overwritten >link; exec cat link"
	refute_output --partial secret
	assert_equal "$(cat "$DIR/home/file")" secret
}

@test "nor by openat2, by a name that may not leave the directory that it starts in" {
	local start

	planted
	as_other ln -s own "$PLACE/near"
	run -0 "$PROGS/gate" within / tmp
	[[ $output != *ENOSYS* ]] || skip "needs openat2(2)"
	# shellcheck disable=SC2016 # expanded by eval
	works eval 'as_user "$PROGS/gate" within "$PLACE" near >"$BATS_TEST_TMPDIR/bare"'
	works grep -q "^near, beneath: openat2: [0-9]" "$BATS_TEST_TMPDIR/bare"
	for start in "$PLACE " "/ ${PLACE#/}/"; do
		run -0 victim "$PROGS/gate" within "${start% *}" "${start#* }near"
		assert_line --partial "near, beneath: openat2: EACCES"
		assert_line --partial "near, in root: openat2: EACCES"
		run -0 victim "$PROGS/gate" within "${start% *}" "${start#* }own"
		assert_line --regexp "own, beneath: openat2: [0-9]"
		assert_line --regexp "own, in root: openat2: [0-9]"
	done
}

@test "a program that enters no shared path pays nothing for relative names" {
	cd "$DIR"
	echo text >file
	run -0 victim strace -e trace=readlink,readlinkat,getcwd,lstat,newfstatat cat file
	refute_output --partial '"file"'
}

@test "an ssh-agent's directory is shared, and nothing else that begins like it" {
	mkdir -m 700 /tmp/ssh-AbCdEfGhIjKl
	echo agent >/tmp/ssh-AbCdEfGhIjKl/agent.1
	chown -R "$TEST_UID" /tmp/ssh-AbCdEfGhIjKl
	unset PRIVTMP_SHARE
	run -0 victim sh -c 'cat /tmp/ssh-AbCdEfGhIjKl/agent.1; echo key >/tmp/ssh-key; cat /tmp/ssh-key'
	assert_output $'agent\nkey'
	[[ ! -e /tmp/ssh-key ]]
	rm -r /tmp/ssh-AbCdEfGhIjKl
}

@test "a program that uses nothing but shared paths needs no session" {
	echo text >"$PLACE"
	run -0 victim strace -f -e trace=mkdir,mkdirat cat "$PLACE"
	assert_output --partial text
	refute_output --partial .privtmp-
}

@test "a pattern of shared paths matches what the shell's own patterns match" {
	local pattern i
	local patterns=('a*' '*b' '?x' '[a-c]x' '[!a-c]x' '[^a]x' '[]]x' '[!]]x' '[]-a]x' '[a' 'a['
		'\*x' 'a\b' '*a*b*' '[a-]' '[--0]x' '\[ax]' '*' '?' '[[]a' 'a?*' '[z-a]x' '*[' 'x**x')
	local names=(a ab ax bx dx ']x' '-x' '[a' 'a[' '*x' xaxbx - .x 0x '[ax]' x xx abb zx)

	for pattern in "${patterns[@]}"; do
		run -0 "$PRIVTMP" explain --share "/tmp/$pattern" "${names[@]/#//tmp/}"
		assert_equal "${#lines[@]}" "${#names[@]}"
		for i in "${!names[@]}"; do
			# shellcheck disable=SC2053 # a pattern
			if [[ ${names[i]} == $pattern ]]; then
				[[ ${lines[i]} == *"(shared: it matches"* ]]
			else
				[[ ${lines[i]} == *"(private: "* ]]
			fi || fail "$pattern: ${lines[i]}"
		done
	done
}
