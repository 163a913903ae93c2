# SPDX-License-Identifier: LGPL-2.1-or-later
# Every way to a path: by procfs in any spelling, by links that the program makes, by
# descriptors and directories that it was given. Each leads to the program's own /tmp,
# or to an error; never to the shared one, where it would lead without the shim.

load common
load ways

# private COMMAND...: under the shim it is not, nor is anything made in it.
private() {
	local before after

	before=$(ls -A /tmp /var/tmp)
	run shimmed "$@"
	refute_output --partial shared
	wait_until 2 no_new_session
	after=$(ls -A /tmp /var/tmp)
	assert_equal "$after" "$before"
}

# both COMMAND...: the one and then the other, which finds none of what the first has
# made: "ln -P l m" would lead into what a link m leads to.
both() {
	local before

	before=$(ls -A)
	shown "$@"
	comm -13 <(echo "$before") <(ls -A) | xargs -rd '\n' rm -rf --
	rm -rf /tmp/d-*
	private "$@"
}

@test "procfs and /dev/fd in every spelling lead to the private directory" {
	local path

	for path in /proc/self/root/tmp/x /proc//self/root/tmp/x /proc/./self/root/tmp/x \
		/proc///self/root/var/tmp/x /proc/self//root/tmp/x /proc/self/./root/tmp/x \
		//proc/self/root/tmp/x /./proc//self/root/tmp/x /proc/self/task/../root/tmp/x \
		/proc/thread-self/root/tmp/x /proc//thread-self/root/tmp/x \
		/proc//self/cwd/"$(realpath --relative-to=. /)"/tmp/x \
		"/proc/self/cwd/$(realpath --relative-to=. /)/var/tmp/x" \
		/dev/fd/../root/tmp/x /dev//fd/../root/tmp/x /dev/./fd/../root/tmp/x \
		/proc//self/fd/../root/tmp/x /proc/1/root/tmp/x /proc//1/root/tmp/x \
		/proc/./1/root/var/tmp/x /proc/$$/root/tmp/x /proc/self/task/$$/../../root/tmp/x; do
		# The test's own /tmp is not the first process's, and the number is not the program's.
		[[ $path == */task/[0-9]* || $path == */1/* ]] || shown cat "$path"
		private cat "$path"
		private sh -c "echo own >/tmp/x; echo own >/var/tmp/x; cat $path"
		[[ $path == */task/[0-9]* || $path == */1/* ]] || assert_output own
		private sh -c "echo own >${path%x}y && cat /tmp/y /var/tmp/y"
	done
}

# A link that is made with ln's arguments $1 and read as $2, from $DIR.
@test "links that a program makes lead to the private directory, wherever they point" {
	local up

	up=$(realpath --relative-to=. /)
	while read -r text path; do
		rm -rf l d
		both sh -c "ln -s $text l && cat $path"
		rm -rf l d
		private sh -c "echo own >/tmp/x; echo own >/var/tmp/x; ln -s $text l; cat $path"
		assert_output own
		rm -rf l d
		private sh -c "ln -s $text l; echo new >${path%x}y; cat /tmp/y /var/tmp/y"
	done <<-END
		/ l/tmp/x
		/ $DIR/l/tmp/x
		/ l/var/tmp/x
		// l/tmp/x
		/. l/tmp/x
		/var l/tmp/x
		/var/ l/tmp/x
		/tmp l/x
		/tmp/x l
		/usr/../tmp l/x
		/proc/self/root l/tmp/x
		/proc//self/root l/tmp/x
		/proc l/self/root/tmp/x
		/proc/self l/root/tmp/x
		/dev/fd l/../root/tmp/x
		$up l/tmp/x
		../../$up l/tmp/x
		$up/tmp/x l
		$up/proc/self/root l/tmp/x
		./$up/var l/tmp/x
	END
}

@test "so do links that were dangling, are moved, or have another name" {
	local call up

	up=$(realpath --relative-to=. /)
	both sh -c "ln -s d/../$up/tmp/x l; mkdir d; cat l"
	rm -rf l d
	both sh -c "ln -s d/tmp/x l; ln -s / d; cat l"
	rm -rf l d
	both sh -c "mkdir -p a/b/c; ln -s ../$up/tmp a/b/c/l; ln -s ../../$up/tmp a/b/c/m; mv a/b/c/l m; mv a/b z; cat z/c/m/x"
	rm -rf a z m
	# One that leads astray first, and to the root where it is moved to.
	both sh -c "mkdir -p a/b; ln -s ../$up/tmp a/b/l; mv a/b/l l; cat l/x || cat l/../tmp/x"
	rm -rf a l
	# In one process, by a path that needs no look by itself.
	for call in "rename('a/b/l', 'l')" "link('a/b/l', 'l', follow_symlinks=False)"; do
		both python3 -c "import os; os.makedirs('a/b'); os.symlink('../$up/tmp', 'a/b/l')
os.$call; print(open('l/x').read())"
		rm -rf a l
	done
	# In the private directory, too, from within.
	for call in "rename('a/b/c/l', 'l')" "link('a/b/c/l', 'l', follow_symlinks=False)"; do
		private python3 -c "import os; os.chdir('/tmp'); os.makedirs('a/b/c'); os.symlink('../../..', 'a/b/c/l')
os.$call; print(sorted(os.listdir('l')) == sorted(os.listdir('/')))"
		assert_output True
	done
	both sh -c "mkdir -p a/b; ln -s ../$up a/b/l; mv a/b c; cat c/l/tmp/x"
	rm -rf a c
	both sh -c "ln -s / l; ln -P l m; rm l; cat m/tmp/x"
	rm -rf l m
	both sh -c "ln -s / l; mv l m; cat m/tmp/x"
	rm -rf m
	both sh -c "mkdir /tmp/d-1; ln -s / /tmp/d-1/l; cd /tmp/d-1; cat l/tmp/x"
	rm -rf /tmp/d-1
	both sh -c "mkdir /tmp/d-1; ln -s l/../.. /tmp/d-1/m; ln -s . /tmp/d-1/l; cat /tmp/d-1/m/tmp/x"
	rm -rf /tmp/d-1
}

@test "in the root directory itself, too" {
	local name=privtmp-ways-$$

	need_users
	shown sh -c "cd / && ln -s var $name && cat $name/tmp/x; rm $name"
	private sh -c "cd / && ln -s var $name && cat $name/tmp/x; rm $name"
	private sh -c "cd / && ln -s . $name && cat $name/tmp/x; rm $name"
	private sh -c "cd / && ln -s proc $name && cat $name/self/root/tmp/x; rm $name"
	private sh -c "cd / && ln -s tmp $name && cat $name/x; rm $name"
}

@test "an inherited descriptor of the shared directory leads to the private one" {
	local steps=(readat:x readat:./x makeat:y read:/proc/self/fd/9/x read:/dev/fd/9/x
		read:/proc/self/fd/9/./x fcd:9 read:x read:./x make:y list:.)

	run -0 "$PROGS/starts" "${steps[@]}" 9</tmp
	[[ $(grep -c shared <<<"$output") -eq 7 ]]
	rm /tmp/y
	run -0 shimmed "$PROGS/starts" "${steps[@]}" 9</tmp
	refute_output --partial shared
	[[ $(grep -c 'ENOENT$' <<<"$output") -eq 7 && ! -e /tmp/y ]]
	assert_line "list .: 1"
	# Of what is above it, as well.
	run -0 shimmed "$PROGS/starts" make:/tmp/x readat:tmp/x readat:x readat:./tmp/x fcd:9 \
		read:tmp/x read:var/tmp/x 9</
	refute_output --partial shared
	assert_equal "$(grep -c program <<<"$output")" 3
	# By another name of a descriptor.
	run -0 "$PROGS/starts" read:/dev/stdin/x </tmp
	assert_output --partial shared
	run -0 shimmed "$PROGS/starts" read:/dev/stdin/x </tmp
	assert_output --partial ENOENT
	cd /tmp
	run -0 shimmed "$PROGS/starts" read:x make:y read:y list:.
	assert_output $'read x: ENOENT\nmake y: made\nread y: program\nlist .: 1'
	cd "$DIR"
}

@test "a directory whose name is too long leads to the private one, or to an error" {
	local up steps

	up=$(realpath --relative-to=. /)
	up+=$(printf '/..%.0s' {1..24})
	steps=(deep:24 "read:$up/tmp/x" "read:./$up/var/tmp/x" "make:$up/tmp/y" hold:.
		cd:/ "readat:$up/tmp/x" "makeat:$up/tmp/y")
	run -0 "$PROGS/starts" "${steps[@]}"
	[[ $(grep -c shared <<<"$output") -eq 3 ]]
	rm /tmp/y
	run -0 shimmed "$PROGS/starts" "${steps[@]}"
	refute_output --partial shared
	assert_equal "$(grep -c ENOENT <<<"$output")" 3
	[[ ! -e /tmp/y ]]
	run -0 shimmed "$PROGS/starts" make:/tmp/x "${steps[@]}"
	refute_output --partial shared
	assert_equal "$(grep -c program <<<"$output")" 2
}

@test "realpath finds what there is in the private directory, however long the path" {
	run -0 "$PROGS/starts" real:/tmp/x real:/usr/bin/env
	[[ $output == "real /tmp/x: /tmp/x"* || $output == *ENAMETOOLONG* ]]
	run -0 shimmed "$PROGS/starts" real:/tmp/x real:/usr/../tmp/x make:/tmp/y real:/tmp/y real:/usr/bin/env
	assert_output --partial $'real /tmp/x: ENOENT\nreal /usr/../tmp/x: ENOENT\nmake /tmp/y: made\nreal /tmp/y: /tmp/y'
}

@test "another root without a change of directory leads to an error" {
	local steps

	need_users
	mkdir -p jail/tmp jail/empty
	chmod 1777 jail/tmp
	echo shared >jail/tmp/x
	for steps in cd:/ "make:/tmp/first cd:/"; do
		# shellcheck disable=SC2086
		run -0 "$PROGS/starts" $steps root:"$DIR/jail/empty" read:tmp/x read:./tmp/x read:../tmp/x make:tmp/y
		[[ $(grep -c shared <<<"$output") -eq 3 && -e /tmp/y ]] || [[ $steps == make* ]]
		rm -f /tmp/y /tmp/first
		# shellcheck disable=SC2086
		run -0 shimmed "$PROGS/starts" $steps root:"$DIR/jail/empty" read:tmp/x read:./tmp/x read:../tmp/x make:tmp/y read:var/tmp/x read:etc/passwd
		refute_output --partial shared
		assert_line --regexp '^read etc/passwd: root:'
		[[ ! -e /tmp/y ]]
		# shellcheck disable=SC2086
		run -0 shimmed "$PROGS/starts" $steps root:"$DIR/jail" read:tmp/x read:../tmp/x make:tmp/y cd:/ read:tmp/x
		refute_output --partial shared
		[[ ! -e /tmp/y && ! -e jail/tmp/y ]]
	done
}

@test "links that change places over a guarded directory's border lead to the private one" {
	local exchange='import ctypes, sys; sys.exit(-ctypes.CDLL(None).renameat2(-100, sys.argv[1].encode(), -100, sys.argv[2].encode(), 2))'

	command -v python3 >/dev/null || skip "needs python3, to exchange two names"
	# Only within one file system.
	mkdir -m 1777 g
	echo shared >g/x
	# shellcheck disable=SC2030 # each test has its own
	export PRIVTMP_GUARD=$PWD/g
	both sh -c "rm -f l g/l; : >l; ln -s $PWD/g/x g/l; python3 -c '$exchange' l g/l; cat l"
	rm -f l g/l
	both sh -c "rm -f l g/l; ln -s $PWD/g/x l; : >g/l; python3 -c '$exchange' g/l l; cat g/l"
	rm -f l g/l
	both sh -c "rm -f l g/l; ln -s g/x l; : >g/l; python3 -c '$exchange' g/l l; cat g/l; cat g/x"
	unset PRIVTMP_GUARD
}

@test "a directory is called what it is without the shim, up to the longest name there is" {
	local lengths=(100 4030 4047 4060 4062 4090 4093 4094 4095 4096 4200) bare

	run -0 "$PROGS/long_paths" /tmp "${lengths[@]}"
	bare=$output
	[[ $bare == *"4095: getcwd less:ERANGE more"* ]]
	rm -rf /tmp/d*
	run -0 shimmed "$PROGS/long_paths" /tmp "${lengths[@]}"
	assert_output "$bare"
	# A plain user's, too, who may not list what is above.
	if [[ $EUID == 0 ]]; then
		run -0 as_user env LD_PRELOAD="$SHIM" "$PROGS/long_paths" /tmp "${lengths[@]}"
		assert_output "$bare"
	fi
}

@test "a directory that is called \"(deleted)\" is one like any other" {
	local up

	up=$(realpath --relative-to=. /)
	both sh -c "mkdir 'd (deleted)'; cd 'd (deleted)'; ln -s /tmp/x l; ln -s ../$up/tmp m; cat l m/x"
	rm -r d*
	for at in /proc/self/cwd /proc/self/fd/9; do
		both sh -c "mkdir 'd (deleted)'; cd 'd (deleted)'; ln -s /tmp/x l; ln -s ../$up/tmp m; cat $at/l $at/m/x 9<."
		rm -r d*
	done
	both sh -c "mkdir 'd (deleted)'; ln -s /tmp/x 'd (deleted)/l'; '$PROGS/starts' 'hold:d (deleted)' readat:l readat:./l"
	rm -r d*
	both sh -c "mkdir '/tmp/d-1 (deleted)'; ln -s /tmp/x '/tmp/d-1 (deleted)/l'; '$PROGS/starts' 'hold:/tmp/d-1 (deleted)' readat:l"
	rm -rf d* /tmp/d-*
	private sh -c "echo own >/tmp/x; mkdir '/tmp/d (deleted)'; ln -s ../x '/tmp/d (deleted)/l'; '$PROGS/starts' 'hold:/tmp/d (deleted)' readat:l readat:../x fcd:9 read:l"
	assert_equal "$(grep -c own <<<"$output")" 3
}

@test "links lead to the private directory from what is mounted nowhere any more" {
	local lost

	need_users
	lost="mount -t tmpfs t '$DIR/m'; mkdir m/s; ln -s /tmp/x m/s/l; ln -s / m/s/z; ln -s ../s/l m/s/k"
	lost+="; cd m/s; umount -l '$DIR/m'"
	mkdir m
	unshare -m true || skip "needs mounts"
	shown unshare -m --propagation private sh -c "$lost; cat l z/tmp/x k /proc/self/cwd/l"
	private unshare -m --propagation private sh -c "$lost; cat l z/tmp/x k /proc/self/cwd/l; echo bad >z/tmp/y"
	private unshare -m --propagation private sh -c "echo own >/tmp/x; $lost; cat l z/tmp/x k"
	assert_output $'own\nown\nown'
}

@test "a descriptor of another mount namespace's shared directory leads to an error" {
	need_users
	unshare -m true || skip "needs mounts"
	shown unshare -m --propagation private "$PROGS/starts" fcd:9 read:x 9</tmp
	run -0 unshare -m --propagation private env LD_PRELOAD="$SHIM" "$PROGS/starts" make:/tmp/x fcd:9 read:x make:y list:. readat:x 9</tmp
	refute_output --partial shared
	[[ ! -e /tmp/y ]]
}

@test "openat2 that may not leave a directory does not enter the shared one" {
	shown "$PROGS/starts" within:/x beneath:x 9</tmp
	run -0 shimmed "$PROGS/starts" within:/x beneath:x make:/tmp/x within:/x beneath:x within:../x 9</tmp
	refute_output --partial shared
	assert_equal "$(grep -c program <<<"$output")" 3
	need_users
	mkdir -p jail/tmp
	shown "$PROGS/starts" hold:/ root:"$DIR/jail" within:tmp/x beneath:tmp/x within:/var/tmp/x
	run -0 shimmed "$PROGS/starts" "sh:ln -s /tmp/x l" hold:/ root:"$DIR/jail" within:tmp/x beneath:tmp/x within:/var/tmp/x within:"$DIR/l" within:etc/passwd
	refute_output --partial shared
	assert_line --partial root:
}

@test "links lead to the private directory behind magic links of procfs, too" {
	local at

	for at in /proc/self/cwd /proc/thread-self/cwd /proc/self/fd/9 /dev/fd/9; do
		both sh -c "mkdir /tmp/d-1; ln -s /tmp/x /tmp/d-1/l; cd /tmp/d-1; cat $at/l 9<."
		private sh -c "echo own >/tmp/x; mkdir /tmp/d-1; ln -s /tmp/x /tmp/d-1/l; cd /tmp/d-1; cat $at/l 9<."
		assert_output own
	done
}

@test "the directories of a process outside lead to the private one" {
	local outside at

	(cd /tmp && exec sleep 60 9</tmp) 3>&- &
	outside=$!
	wait_until 5 test -e /proc/$outside/fd/9
	for at in cwd fd/9 task/$outside/cwd; do
		at=/proc/$outside/$at
		shown cat "$at/x"
		shown cat "$at/../tmp/x"
		private cat "$at/x"
		private sh -c "echo own >/tmp/y; echo new >$at/z; cat $at/y; ls -A /tmp $at $at/"
		assert_output "own
$at:
y
z

$at/:
y
z

/tmp:
y
z"
		private sh -c "cd ${at%/*}; echo own >/tmp/x; cat ./${at##*/}/x"
		private sh -c "cd /proc; echo own >/tmp/x; cat ${at#/proc/}/x"
		assert_output own
		private sh -c "echo own >/tmp/x; cd $at && cat x"
		assert_output own
	done
	kill $outside
}

@test "a start in a shared directory that was removed leads to the private one" {
	local gone='mkdir /tmp/d-1; cd /tmp/d-1; rmdir /tmp/d-1; exec'

	shown sh -c "$gone '$PROGS/starts' read:../x read:/proc/self/cwd/../x"
	private sh -c "LD_PRELOAD= $gone env LD_PRELOAD='$SHIM' '$PROGS/starts' read:../x"
	run -0 sh -c "$gone env LD_PRELOAD='$SHIM' '$PROGS/starts' read:../x make:../y make:/tmp/x read:../x read:/proc/self/cwd/../x"
	refute_output --partial shared
	assert_equal "$(grep -c program <<<"$output")" 2
	run -0 sh -c "exec 9<.; $gone env LD_PRELOAD='$SHIM' '$PROGS/starts' make:/tmp/x readat:../x" 9<.
	[[ ! -e /tmp/y ]]
	assert_no_session 5
	rm -f /tmp/y
}

@test "a start in a shared directory whose name is too long is refused" {
	local deep=("$PROGS/starts" cd:/tmp into:/tmp/d-1 deep:24)

	run -0 "${deep[@]}" "sh:echo shared >x; cat x"
	assert_output --partial shared
	run -0 "${deep[@]}" "sh:LD_PRELOAD='$SHIM' sh -c 'echo bad >y; cat ../../x /tmp/x'"
	assert_output --partial "others can write to the working directory"
	refute_output --partial shared
	run -0 "${deep[@]}" "sh:ls"
	refute_line y
}

@test "a child that changes the common working directory leads to the private one" {
	local up

	up=$(printf '../%.0s' {1..12})
	shown "$PROGS/starts" into:/tmp/d-1 cd:/ share:/tmp/d-1 read:../x
	rmdir /tmp/d-1
	run -0 shimmed "$PROGS/starts" make:/tmp/x into:/tmp/d-1 cd:/ share:/tmp/d-1 read:../x "read:${up}tmp/x" read:../../x read:../../../../x
	refute_output --partial shared
	assert_equal "$(grep -c program <<<"$output")" 2
}

@test "a shared directory that comes over a socket leads to the private one" {
	local receive='
import os, socket, sys
def read(path, at=None):
    try: print(os.read(os.open(path, os.O_RDONLY, dir_fd=at), 9).decode().strip())
    except OSError as e: print(e.strerror)
read("x", os.open("/tmp", os.O_RDONLY))
fd, top = socket.recv_fds(socket.socket(fileno=int(sys.argv[1])), 1, 2)[1]
for path in ("x", "./x", "d-1/../x"): read(path, fd)
read("tmp/x", top)
os.dup2(fd, 0)
for path in ("/dev/stdin/x", "/dev/stdin/x", "/proc/self/fd/%d/x" % fd): read(path)
os.fchdir(fd)
read("x")
' send='
import os, socket, subprocess, sys
here, there = socket.socketpair()
socket.send_fds(here, [b"x"], [os.open(d, os.O_RDONLY) for d in ("/tmp", "/")])
env = dict(os.environ, LD_PRELOAD=sys.argv[2])
subprocess.run(["python3", "-c", sys.argv[1], str(there.fileno())], pass_fds=[there.fileno()], env=env)
'
	python3 -c 'import socket; socket.recv_fds' 2>/dev/null || skip "needs python3 of 3.9 or later"
	mkdir /tmp/d-1
	shown python3 -c "$send" "$receive" ""
	run -0 python3 -c "$send" "$receive" "$SHIM"
	refute_output --partial shared
	assert_equal "$(grep -c "No such file" <<<"$output")" 9
}

@test "openat2 refuses links of procfs that it may not use, and no others" {
	local steps=(make:/tmp/x hold:/ plain:proc/self/root/tmp/x plain:/proc/self/cwd/../tmp/x
		plain:tmp/x "sh:ln -s /tmp $DIR/l" "plain:$DIR/l/x")

	cd /
	run -0 "$PROGS/starts" "${steps[@]}"
	assert_equal "$(grep -c ELOOP <<<"$output") $(grep -c program <<<"$output")" "2 2"
	rm "$DIR/l"
	run -0 shimmed "$PROGS/starts" "${steps[@]}"
	assert_equal "$(grep -c ELOOP <<<"$output") $(grep -c program <<<"$output")" "2 2"
}

@test "a link that led elsewhere leads to the private directory from where it is moved to" {
	local how

	for how in mv "ln -P"; do
		mkdir -p a w/g
		chmod 1777 w/g
		echo shared >w/g/x
		both env PRIVTMP_GUARD="$DIR/w/g" sh -c "ln -s g/x a/l; $how a/l w/l; cat w/l"
		rm -f a/l w/l
		both env PRIVTMP_GUARD="$DIR/w/g" sh -c "ln -s g a/l; $how a/l w/l; cat w/l/x"
		rm -r a w
	done
}

@test "a link that a program has made leads to its /tmp in another root, too" {
	need_users
	mkdir -p jail/tmp jail/sub
	chmod 1777 jail/tmp
	echo shared >jail/tmp/x
	local steps=("sh:ln -s /tmp/x jail/l; ln -s ../tmp/x jail/sub/l; ln -s tmp jail/m" root:"$DIR/jail" cd:/
		read:/l read:sub/l read:/m/x)

	shown "$PROGS/starts" "${steps[@]}"
	rm jail/l jail/sub/l jail/m
	run -0 shimmed "$PROGS/starts" "${steps[@]}" make:/tmp/x read:/l read:/sub/l read:m/x
	refute_output --partial shared
	assert_equal "$(grep -c program <<<"$output")" 3
}

@test "a dynamic linker that is executed itself loads the private program" {
	local ld

	ld=$(grep -o '/[^ ]*/ld-[^ ]*' /proc/self/maps | head -1)
	[[ -x $ld ]] || skip "no dynamic linker that can be executed"
	cp /bin/sh /tmp/d-1
	cp "$(ldd /bin/sh | awk '$1 ~ /^libc/ { print $3 }')" /tmp/d-libc.so.6 || skip "needs a libc to copy"
	# shellcheck disable=SC2016 # expanded by the inner shell
	run -0 "$ld" /tmp/d-1 -c 'echo "$0"'
	assert_output /tmp/d-1
	run ! shimmed sh -c "exec '$ld' /tmp/d-1 -c 'echo planted'"
	refute_output --partial planted
	run -0 shimmed sh -c "cp /bin/sh /tmp/p; '$ld' /tmp/p -c 'echo \$0'; '$ld' --inhibit-rpath x /tmp/p -c 'echo \$0'
		cd /tmp; '$ld' ./p -c 'echo \$0'; cd /; '$ld' tmp/../tmp/p -c 'cat /tmp/x || :'; ln -s /tmp/p '$DIR/l'; '$ld' '$DIR/l' -c 'echo linked'"
	assert_line --index 0 /tmp/p
	assert_line --index 1 /tmp/p
	assert_line --index 2 ./p
	assert_line linked
	mv /tmp/d-libc.so.6 /tmp/libc.so.6
	run -0 "$ld" --library-path /tmp --list /bin/sh
	assert_output --partial /tmp/libc.so.6
	run -0 shimmed sh -c "'$ld' --library-path /tmp --list /bin/sh"
	refute_output --partial /tmp/libc.so.6
	rm /tmp/libc.so.6
}

@test "links below a name that is too long for any call lead to the private directory" {
	DIR=deep-links-$$
	like_bare "'$PROGS/deep_links' /tmp/$DIR"
	grep -q 'look DIR/last: ok' "$BATS_TEST_TMPDIR/shimmed"
}

@test "a script in /usr/local runs the private interpreter" {
	local start='mount -t tmpfs none /usr/local; printf "#!/tmp/x shared\n" >/usr/local/s
		chmod 755 /usr/local/s'

	unshare -m true || skip "needs mounts"
	install -m 755 "$ECHO" /tmp/x
	shown unshare -m --propagation private sh -c "$start; /usr/local/s"
	private unshare -m --propagation private sh -c "$start; /usr/local/s || :"
	install -m 755 /bin/false /tmp/x
	run -0 shimmed unshare -m --propagation private sh -c \
		"$start; install -m 755 $ECHO /tmp/x; /usr/local/s"
	assert_output "shared /usr/local/s"
}

@test "no directory with a guarded one in it is moved, which would show the shared one" {
	local from

	mkdir -p srv/app other/spool
	mkdir -m 1777 srv/app/spool
	echo shared >srv/app/spool/x
	# shellcheck disable=SC2031 # each test has its own
	export PRIVTMP_GUARD=$PWD/srv/app/spool
	for from in "$PWD/srv/app" "/.$PWD//srv/./app/" srv/app ./other/../srv/app; do
		shown sh -c "mv $from srv/new && cat srv/new/spool/x && mv srv/new srv/app"
		run shimmed sh -c "mv -v $from srv/new || cat srv/new/spool/x"
		assert_line --regexp "^privtmp: .*/srv/\.?/?app/?: has a guarded directory in it"
		assert_line --regexp "^mv: .*Device or resource busy"
		refute_output --partial shared
		run -0 cat srv/app/spool/x
	done
	run shimmed sh -c "mv srv new || cat new/app/spool/x"
	refute_output --partial shared
	run shimmed sh -c "cd srv && mv app new || { cd app; cat spool/x; }"
	refute_output --partial shared
	run shimmed perl -e 'syscall(316, -100, "srv/app", -100, "other", 2); system("cat other/spool/x")'
	refute_output --partial shared
	# What lies beside is.
	run -0 shimmed sh -c "mkdir srv/app/b srv/c; mv srv/app/b srv/app/d; mv srv/c srv/app/c"
	assert_output ""
}
