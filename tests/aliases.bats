# SPDX-License-Identifier: LGPL-2.1-or-later
# A guarded directory that has several names - /tmp a link, /usr/tmp where old programs
# write - has one backing, by all of them, and looks as it does without the shim. And links
# that were there before, where every one of them is to be followed.

load common

setup() {
	DIR=$(scratch)
	cd "$DIR" || return
}

teardown() {
	cd /
	assert_no_session
}

# rooted LINKS COMMAND [ARG]...: run COMMAND in a root of its own, where LINKS (shell
# commands) have made /tmp and what else there is.
rooted() {
	# shellcheck disable=SC2016 # expanded by the inner shell
	unshare --mount --propagation private sh -ec '
		root=$1
		mount -t tmpfs root "$root"
		cd "$root"
		mkdir proc dev etc scratch var
		mkdir -m 1777 scratch/tmp
		for dir in bin sbin lib lib64 lib32; do
			[ ! -e /$dir ] || cp -a /$dir . 2>/dev/null || :
		done
		for dir in bin sbin lib lib64 lib32; do
			[ ! -d /$dir ] || [ -L /$dir ] || { rm -rf "./$dir"; mkdir $dir; mount --bind /$dir $dir; }
		done
		mkdir usr
		for dir in /usr/*; do
			[ -L "$dir" ] || [ ! -d "$dir" ] || { mkdir ".$dir"; mount --bind "$dir" ".$dir"; }
		done
		mkdir -p ".$PRIVTMP_BUILD"
		mount --bind "$PRIVTMP_BUILD" ".$PRIVTMP_BUILD"
		mount --bind /proc proc
		mount --bind /dev dev
		eval "$2"
		shift 2
		exec chroot . "$@"' sh "$DIR/root" "$@"
}

need_root() {
	mkdir -p "$DIR/root"
	need_users
	rooted 'mkdir -m 1777 tmp' true 2>"$DIR/why" ||
		skip "needs a root of its own: $(head -n 1 "$DIR/why")"
}

# alike LINKS SCRIPT: prints the same without the shim and under it, and the latter
# leaves nothing behind.
alike() {
	run -0 rooted "$1" sh -c "$2"
	local bare=$output

	run -0 rooted "$1" sh -c "LD_PRELOAD=$SHIM sh -c \"\$1\"; find / -xdev -name '.privtmp-*' -o -xdev -name 'x-*' | grep -v '^/proc'; :" sh "$2"
	assert_output "$bare"
}

USE='cd /tmp && pwd -P && echo one >/tmp/x-1 && cat /var/tmp/x-1 /usr/tmp/x-1 2>/dev/null
	readlink /tmp /var/tmp /usr/tmp; realpath /tmp/x-1 /var/tmp /usr/tmp
	cd /usr && ls tmp; cd /var/tmp && pwd -P && ls; cat ../tmp/x-1; cat ../../tmp/x-1
	[ /tmp -ef /var/tmp ]; echo $?; [ /usr/tmp -ef /var/tmp ]; echo $?; ls -di /tmp/. | wc -w'

@test "/usr/tmp is /var/tmp by another name" {
	need_root
	alike 'mkdir -m 1777 tmp var/tmp; ln -s ../var/tmp usr/tmp' "$USE"
	alike 'mkdir -m 1777 tmp var/tmp; ln -s /var/tmp usr/tmp' "$USE"
	alike 'mkdir -m 1777 tmp; ln -s ../tmp var/tmp; ln -s ../var/tmp usr/tmp' "$USE"
}

@test "/tmp is a link to another directory, or to /var/tmp, or /var/tmp to it" {
	need_root
	alike 'ln -s scratch/tmp tmp; mkdir -m 1777 var/tmp' "$USE"
	alike 'ln -s /scratch/tmp tmp; ln -s ../tmp var/tmp' "$USE"
	alike 'ln -s var/tmp tmp; mkdir -m 1777 var/tmp' "$USE"
	alike 'rmdir var; ln -s scratch var; mkdir -m 1777 tmp' "$USE"
}

@test "one directory that is mounted at /tmp and /var/tmp is private by each name" {
	local look='echo one >/tmp/x-1; echo two >/var/tmp/x-2; cat /tmp/x-1 /var/tmp/x-2
		cat /tmp/planted /var/tmp/planted; cd /var/tmp; cat ../../tmp/x-1 ./planted; :'
	local same='mkdir -m 1777 tmp var/tmp; mount --bind tmp var/tmp; echo shared >tmp/planted'

	need_root
	run -0 rooted "$same" sh -c "$look"
	assert_output $'one\ntwo\nshared\nshared\none\nshared'
	run -0 rooted "$same" sh -c \
		"LD_PRELOAD=$SHIM sh -c '$look' 2>/dev/null; ls -A /tmp"
	assert_output $'one\ntwo\none\nplanted'
}

@test "what is shared by one name is shared by the other" {
	need_root
	run -0 rooted 'ln -s scratch/tmp tmp; mkdir -m 1777 var/tmp' sh -c \
		"echo shared >/tmp/agent.1; SSH_AUTH_SOCK=/tmp/agent.2 PRIVTMP_SHARE=/tmp/agent.1 LD_PRELOAD=$SHIM \
		sh -c 'cat /tmp/agent.1; cat /scratch/tmp/agent.1; echo two >/tmp/agent.2; echo three >/tmp/agent.3'; ls /tmp"
	assert_output $'shared\nshared\nagent.1\nagent.2'
}

@test "a directory that is guarded by a link's name is guarded by its own" {
	mkdir -m 1777 spool
	ln -s spool link
	PRIVTMP_GUARD=$PWD/link run -0 shimmed sh -c "echo x >link/a; cat $PWD/spool/a; echo y >$PWD/link/b; ls spool; ls $PWD/link; cd link; pwd -P; cat a"
	assert_output "x
a
b
a
b
$PWD/spool
x"
	run -0 ls -A spool
	assert_output ""
}

@test "and so is a TMPDIR, however it is written" {
	local name

	mkdir -m 1777 spool
	ln -s spool link
	echo shared >spool/x
	for name in spool ./spool spool/../spool link link/ "../${PWD##*/}/spool"; do
		# shellcheck disable=SC2016 # expanded by the inner shell
		run -0 env TMPDIR="$PWD/$name" sh -c 'cat "$TMPDIR/x"'
		assert_output shared
		# shellcheck disable=SC2016 # expanded by the inner shell
		run -0 env TMPDIR="$PWD/$name" LD_PRELOAD="$SHIM" \
			sh -c 'echo own >$TMPDIR/x; cat "$TMPDIR/x" spool/x'
		assert_output $'own\nown'
	done
	assert_equal "$(cat spool/x)" shared
}

@test "a TMPDIR that another user owns is not used as it is" {
	local dir map

	need_users
	chmod 755 .
	mkdir theirs
	echo shared >theirs/x
	chmod 644 theirs/x
	chown "$OTHER_UID" theirs
	run -0 as_user env TMPDIR="$PWD/theirs" cat "$PWD/theirs/x"
	assert_output shared
	run -1 as_user env TMPDIR="$PWD/theirs" LD_PRELOAD="$SHIM" cat "$PWD/theirs/x"
	refute_output shared
	assert_output --partial "privtmp: $PWD/theirs: no private directory can be made here: "
	assert_output --partial 'or set PRIVTMP_ROOT'
	# It is the caller's own, or root's.
	mkdir -m 700 own
	chown "$TEST_UID" own
	for dir in "$PWD/own" "$PWD"; do
		run -0 as_user env TMPDIR="$dir" LD_PRELOAD="$SHIM" sh -c "ls -A $PWD/own"
		assert_output ""
	done
	run -0 as_user env TMPDIR="$PWD/own" LD_PRELOAD="$SHIM" sh -c "echo x >\$TMPDIR/x"
	[[ -e own/x ]]
	# In a user namespace, too.
	as_user unshare -Ur true 2>/dev/null || skip "needs unprivileged user namespaces"
	run -0 as_user env TMPDIR="$PWD/own" LD_PRELOAD="$SHIM" unshare -Ur sh -c "echo y >\$TMPDIR/y"
	[[ -e own/y ]]
	run -0 as_user env TMPDIR="$PWD/own" unshare -Ur env LD_PRELOAD="$SHIM" sh -c "echo z >\$TMPDIR/z"
	[[ -e own/z ]]
	# There a stranger looks like the root of outside, or like oneself.
	for map in --map-current-user --map-user=65534; do
		run -1 as_user env TMPDIR="$PWD/theirs" \
			unshare --user $map env LD_PRELOAD="$SHIM" cat "$PWD/theirs/x"
		refute_output shared
		assert_output --partial "privtmp: $PWD/theirs: no private directory can be made here: "
	done
	for map in --map-current-user --map-user=65534; do
		run -0 as_user env TMPDIR="$PWD/own" \
			unshare --user $map env LD_PRELOAD="$SHIM" sh -c "echo a >\$TMPDIR/a"
		[[ -e own/a ]]
		rm own/a
	done
}

@test "a link that was there before is followed where all are to be" {
	need_own_tmp
	echo shared >/tmp/x-1
	ln -s / l
	ln -s "l/tmp" m
	ln -s /tmp/x-1 n
	run -0 sh -c "cat l/tmp/x-1 m/x-1 n $PWD/l/tmp/x-1"
	assert_output $'shared\nshared\nshared\nshared'
	# As it is without, which the manual says.
	run -0 shimmed cat l/tmp/x-1
	export PRIVTMP_LINKS=exact
	for path in l/tmp/x-1 m/x-1 n "$PWD/l/tmp/x-1" "$PWD/n" ./m/x-1; do
		run -1 shimmed cat "$path"
		run -0 shimmed sh -c "echo own >$path && cat $path /tmp/x-1"
		assert_output $'own\nown'
	done
	run -0 "$PRIVTMP" run --links exact -- sh -c 'echo own >n; cat n m/x-1'
	assert_output $'own\nown'
	assert_equal "$(cat /tmp/x-1)" shared
	rm /tmp/x-1
	# What has none costs one call.
	echo text >file
	run -0 shimmed strace -e trace=openat2,readlink,readlinkat "$PROGS/starts" read:file read:file
	assert_equal "$(grep -c openat2 <<<"$output")" 2
	refute_output --regexp 'readlink[^,]*, "file'
}

@test "a walk from above enters the private directory, by whatever name it begins" {
	local from walk made='mkdir -m 1777 tmp var/tmp; touch tmp/planted'

	need_root
	for from in / scratch/.. /scratch/up; do
		for walk in "nftw 2" "fts lx"; do
			walk="cd /; touch /tmp/own; [ $from != /scratch/up ] || ln -s / /scratch/up; exec $PROGS/walkers $walk $from"
			run -0 rooted "$made" sh -c "$walk"
			assert_line --regexp "/tmp/planted (0|len)"
			assert_line --regexp "/tmp/own (0|len)"
			run -0 rooted "$made" env LD_PRELOAD="$SHIM" sh -c "$walk"
			assert_line --regexp "/tmp/own (0|len)"
			refute_output --partial planted
			refute_output --partial .privtmp-
		done
	done
}
