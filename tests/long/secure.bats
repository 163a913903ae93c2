# SPDX-License-Identifier: LGPL-2.1-or-later
# Secure execution: the shim in programs that run with more rights than whoever
# started them. It works there, believes nothing that the user says, and gives
# nothing away. /etc and the library directory are overlays in a mount namespace
# of the test's own: the machine's are never written.
#
# shellcheck disable=SC2016 # what is quoted is expanded in that namespace

load ../common

setup() {
	need_users
	STEPS=$PROGS/id_steps
	DIR=$(scratch)
	cp "$STEPS" "$DIR/suid"
	chmod 4755 "$DIR/suid"
	cp "$STEPS" "$DIR/sgid"
	chgrp "$OTHER_UID" "$DIR/sgid"
	chmod 2755 "$DIR/sgid"
	WORLD=$BATS_TEST_TMPDIR/world
	write_world
	export DIR STEPS TEST_UID OTHER_UID
	# A plain file keeps set-user-ID programs from being more than they seem.
	run as_user "$DIR/suid" ids
	assert_line "$TEST_UID 0" || skip "set-user-ID does not work in the build tree"
	"$WORLD" preload true 2>/dev/null || skip "needs a mount namespace with overlays"
}

# write_world: write the program that makes such a namespace, and that runs a script
# in it; what the script can use is below.
write_world() {
	cat >"$WORLD" <<'END'
#!/bin/bash
# world preload|library|none SCRIPT: in a mount namespace, with the shim in
# /etc/ld.so.preload or set-user-ID in the library directory.
if [ "$1" != inside ]; then
	# Nothing that runs in there outlives it.
	exec unshare --mount --propagation private --pid --fork --kill-child --mount-proc \
		"$0" inside "$@"
fi
mode=$2
script=$3
mount -t tmpfs -o mode=1777 tmp /tmp && mount -t tmpfs -o mode=1777 tmp /var/tmp &&
	mount -t tmpfs -o mode=755 over /mnt || exit 99
over() {
	mkdir -p "/mnt/up$1" "/mnt/work$1"
	mount -t overlay -o "lowerdir=$1,upperdir=/mnt/up$1,workdir=/mnt/work$1" over "$1" ||
		exit 99
}
case $mode in
preload)
	over /etc
	echo "$SHIM" >/etc/ld.so.preload
	;;
library)
	lib=$(dirname "$(ldd /bin/true | sed -n 's/.*=> \(.*libc\.[^ ]*\) .*/\1/p')")
	lib=$(readlink -f "$lib")
	over "$lib"
	install -m 4755 "$SHIM" "$lib/libprivtmp.so"
	;;
esac
# The user, without whatever the shim would make of setpriv.
as() {
	local id=$1 preload
	shift
	setpriv --reuid="$id" --regid="$id" --clear-groups --inh-caps=-all -- "$@"
}
user() { as "$TEST_UID" "$@"; }
gone() {
	local i
	for i in $(seq 100); do
		[ -n "$(find /tmp /var/tmp -name '.privtmp-*' ! -path "${1:-/none}*" 2>/dev/null)" ] ||
			return 0
		sleep 0.05
	done
	echo "left:"
	find /tmp /var/tmp -ls
	return 97
}
export PRIVTMP_MODE=off		# of all but those that do not believe it
eval "$script"
END
	chmod 755 "$WORLD"
}

# secure MODE SCRIPT: run SCRIPT there, and expect that it succeeds.
secure() {
	run "$WORLD" "$@"
	[[ $status -eq 0 ]] || fail "status $status: $output"
}

@test "without the shim, a set-user-ID program's file in /tmp can be read and planted" {
	secure none '
		echo planted >/tmp/x
		user "$DIR/suid" make:/tmp/x make:/tmp/y
		user cat /tmp/y'
	assert_line "make:/tmp/x EEXIST"
	assert_line 0
}

@test "by /etc/ld.so.preload, a set-user-ID program has a private /tmp, whatever it is told" {
	secure preload '
		echo planted >/tmp/x
		user "$DIR/suid" ids make:/tmp/x read:/tmp/x make:/tmp/y make:/var/tmp/y || exit 1
		[ ! -e /tmp/y ] && [ ! -e /var/tmp/y ] && gone'
	assert_line "$TEST_UID 0"
	assert_line "make:/tmp/x ok"
}

@test "so it has as a set-user-ID library in the library directory" {
	secure library '
		echo planted >/tmp/x
		export LD_PRELOAD=libprivtmp.so
		user "$DIR/suid" ids make:/tmp/x read:/tmp/x make:/tmp/y || exit 1
		unset LD_PRELOAD
		[ ! -e /tmp/y ] && gone'
	assert_line "$TEST_UID 0"
	assert_line "make:/tmp/x ok"
}

@test "its session is root's, and its user is kept out" {
	secure preload '
		mkfifo /mnt/go; chmod 666 /mnt/go; exec 5<>/mnt/go
		user "$DIR/suid" make:/tmp/x say:ready <&5 >/mnt/out &
		for i in $(seq 200); do grep -q ready /mnt/out && break; sleep 0.05; done
		root=$(echo /tmp/.privtmp-*)
		[ -e "$(echo "$root"/*/tmp/x)" ] && stat -c "%u %a" "$root"
		user ls "$root" && exit 1
		user cat "$(echo "$root"/*/tmp/x)" && exit 1
		echo >&5
		wait; gone'
	assert_line "0 700"
}

@test "a set-group-ID program has a private /tmp, too" {
	secure preload '
		user "$DIR/sgid" make:/tmp/x read:/tmp/x || exit 1
		[ ! -e /tmp/x ] && gone'
}

# The user's own directory, and a session of the user's that is alive.
@test "no variable of the user's is believed" {
	secure preload '
		mkdir -m 777 /tmp/mine
		mkfifo /mnt/go; chmod 666 /mnt/go; exec 5<>/mnt/go
		user env -u PRIVTMP_MODE "$STEPS" make:/tmp/planted say:ready <&5 >/mnt/out &
		for i in $(seq 200); do grep -q ready /mnt/out && break; sleep 0.05; done
		root=$(echo /tmp/.privtmp-*)
		[ -n "$root" ] || exit 1
		for variable in PRIVTMP_MODE=off PRIVTMP_GUARD=:/mine PRIVTMP_ROOT=/tmp/mine \
			"PRIVTMP_SHARE=/tmp/**" PRIVTMP_KEEP=always PRIVTMP_ONFAIL=pass \
			PRIVTMP_SCOPE=nonsense TMPDIR=/tmp/mine SSH_AUTH_SOCK=/tmp/x \
			XAUTHORITY=/tmp/x "PRIVTMP_SESSION=-:1:0:$root"; do
			user env "$variable" "$DIR/suid" gone:/tmp/planted make:/tmp/x \
				make:/tmp/mine || { echo "$variable"; exit 1; }
			[ ! -e /tmp/x ] || { echo "$variable: shared"; exit 1; }
			gone "$root" || { echo "$variable: left"; exit 1; }
		done
		[ -z "$(ls -A /tmp/mine)" ] || exit 1
		# The descriptor of the lease along with it.
		user env "PRIVTMP_SESSION=9:1:0:$root" "$DIR/suid" gone:/tmp/planted \
			make:/tmp/x 9<"$root/lease" || exit 1
		# A root that the lease of somebody else names, and none at all.
		for value in "9:1:0:/tmp/.privtmp-0000000000000000000000" "" : "-:-:-:" \
			"$(head -c 9000 /dev/zero | tr "\0" /)"; do
			user env "PRIVTMP_SESSION=$value" "$DIR/suid" make:/tmp/x || exit 1
		done
		echo >&5
		wait; gone'
}

# Names of agents are no settings: programs that run for their user need them.
@test "nor by what it starts as root, which shares no path that they name" {
	secure preload '
		child() {
			user env "$@" "$DIR/suid" setuid:0 run:"echo x >/tmp/system" &&
				user env "$@" "$DIR/suid" setuid:0 exec /bin/sh -c "echo x >/tmp/exec" &&
				user env "$@" "$DIR/suid" gone:/tmp/x setuid:0 exec /bin/sh -c "
					echo x >/tmp/used; /bin/sh -c \"echo x >/tmp/theirs\"" &&
				gone
		}
		alone() {
			[ -z "$(ls /tmp)" ] || { echo "$* $(cat /etc/privtmp.conf): $(ls /tmp)"; exit 1; }
		}
		printf "mode = off\n[$(readlink -f /bin/sh)]\nmode = redirect\n" >/mnt/off
		printf "scope = process\n" >/mnt/process
		for conf in /dev/null /mnt/off /mnt/process; do
			cp $conf /etc/privtmp.conf
			for file in system exec used theirs; do
				child SSH_AUTH_SOCK=/tmp/$file && alone $file
				child TMUX=/tmp/$file,1 KRB5CCNAME=FILE:/tmp/$file && alone $file
			done
			# By another program with more rights, which gives them up.
			user env XAUTHORITY=/tmp/given "$DIR/suid" setuid:0 exec "$DIR/sgid" \
				setgid:"$TEST_UID" exec /bin/sh -c "echo x >/tmp/given" && gone
			alone given
		done'
}

@test "nor is an argument of its caller's taken for LD_PRELOAD" {
	secure preload '
		for word in /mnt/evil/libprivtmp.so /mnt/\$LIB/libprivtmp.so "$SHIM.evil/libprivtmp.so"; do
			set -- "LD_PRELOAD=$word" "LD_PRELOAD=a:$word b"
			/bin/sh -c "env; :" sh "$@" >/mnt/told
			user env "$DIR/suid" setuid:0 exec /bin/sh -c "env; :" sh "$@" >>/mnt/told
			grep -q ^PATH= /mnt/told || exit 1
			! grep ^LD_PRELOAD /mnt/told || exit 1
		done'
}

@test "what it starts as its user has the paths that the user names" {
	secure preload '
		echo theirs >/tmp/agent; chown "$TEST_UID" /tmp/agent
		for conf in redirect off; do
			printf "mode = $conf\n[$(readlink -f /bin/sh)]\nmode = redirect\n" \
				>/etc/privtmp.conf
			user env XAUTHORITY=/tmp/agent "$DIR/suid" setuid:"$TEST_UID" \
				exec /bin/sh -c "read -r line </tmp/agent; echo \$line" || exit 1
		done'
	assert_equal "$(grep -cx theirs <<<"$output")" 2
}

# The harder it is made for the program to run, the less may it give away: either
# it has a private /tmp, or it has none. LIMITS are prlimit's.
@test "small limits give a user nothing" {
	command -v prlimit >/dev/null || skip "needs prlimit"
	secure preload '
		echo planted >/tmp/planted
		for limit in --nofile=3 --nofile=4 --nofile=5 --nofile=6 --nofile=8 \
			--fsize=0 --fsize=100 --nproc=0 --core=0 --stack=65536 --data=100000 \
			--memlock=0 --cpu=1 --locks=0 --sigpending=0 --msgqueue=0 \
			--as=4000000 --as=8000000 --as=12000000 --as=16000000; do
			# The limit is set last, so that nothing else feels it.
			out=$(user prlimit "$limit" "$DIR/suid" make:/tmp/x read:/tmp/planted \
				make:/tmp/y fork make:/tmp/z 2>&1)
			case $out in *planted\ ok*) echo "$limit: shared: $out"; exit 1 ;; esac
			[ "$(ls /tmp)" = planted ] || { echo "$limit: $(ls /tmp)"; exit 1; }
			gone || { echo "$limit: left: $out"; exit 1; }
		done'
}

# The caller sets limits that the program cannot raise, and kills it: whose files are in the
# session, root's or another user's, what was made has to go.
@test "a program of small limits that its caller kills leaves nothing" {
	command -v prlimit >/dev/null || skip "needs prlimit"
	secure preload '
		cp "$STEPS" /mnt/theirs; chown 61236 /mnt/theirs; chmod 4755 /mnt/theirs
		cp "$DIR/suid" /mnt/roots; chmod 4755 /mnt/roots
		cp "$STEPS" /mnt/group; chgrp 61236 /mnt/group; chmod 2755 /mnt/group
		cp "$STEPS" /mnt/able; setcap cap_dac_override+ep /mnt/able
		mkfifo /mnt/go; chmod 666 /mnt/go; exec 5<>/mnt/go
		for limit in --nofile=5 --nofile=6 --nofile=7 --nofile=9 --fsize=0 --fsize=4 \
			--fsize=300 --nproc=0 --nproc=1 --stack=65536 --as=8000000 --cpu=1; do
			for name in roots theirs group able; do
				user prlimit "$limit" /mnt/$name make:/tmp/x mkdir:/tmp/d \
					mkdir:/var/tmp/d make:/var/tmp/d/f say:ready <&5 5>&- \
					2>&1 | cat >/mnt/out &
				for i in $(seq 100); do
					grep -q ready /mnt/out && break
					[ -n "$(jobs -r)" ] || break
					sleep 0.02
				done
				# Until it is killed: on a slow machine it is not that program yet.
				for i in $(seq 200); do
					[ -n "$(jobs -r)" ] || break
					program=$(pgrep -x $name) && user kill -KILL $program
					sleep 0.05
				done
				[ -z "$(jobs -r)" ] || { echo "$limit $name lives"; ps ax; exit 1; }
				wait
				gone || { echo "$limit $name: $(cat /mnt/out)"; exit 1; }
				[ -z "$(ls /tmp /var/tmp | grep -v :)" ] || { ls /tmp /var/tmp; exit 1; }
			done
		done'
}

@test "a file size limit of 0 does not end a program that writes none" {
	secure preload '
		user prlimit --fsize=0 "$DIR/suid" gone:/tmp/x fork gone:/etc/none 2>&1 | cat
		gone'
	assert_line "gone:/etc/none ok"
}

@test "a user cannot end the helper of a program with its rights" {
	secure preload '
		mkfifo /mnt/go; chmod 666 /mnt/go; exec 5<>/mnt/go
		user prlimit --nofile=16 --as=24000000 "$DIR/suid" make:/tmp/x say:ready \
			<&5 5>&- >/mnt/out 2>&1 &
		for i in $(seq 200); do grep -q ready /mnt/out && break; sleep 0.05; done
		root=$(echo /tmp/.privtmp-*)
		for pid in $(pgrep -x privtmp-reaper); do
			[ "$(readlink "/proc/$pid/fd/3")" != "$root" ] || helper=$pid
		done
		[ -n "$helper" ] || { cat /mnt/out; exit 1; }
		program=$(pgrep -x suid)
		user kill -KILL "$helper" 2>/dev/null && exit 1
		user kill -KILL "$program" || exit 1
		wait; gone'
}

@test "closed standard descriptors do not get the shim's lines into files" {
	secure preload '
		mkdir -m 777 /mnt/out
		chmod 700 /var/tmp
		for closed in "0<&-" "1>&-" "2>&-" "0<&- 1>&- 2>&-"; do
			eval "user \"$DIR/suid\" make:/mnt/out/f make:/tmp/x make:/mnt/out/g $closed"
			cat /mnt/out/f /mnt/out/g
			rm -f /mnt/out/f /mnt/out/g
			[ -z "$(ls /tmp)" ] || exit 1
			gone || exit 1
		done' 3>&-
	refute_output --partial privtmp:
}

@test "no umask opens a session, and none locks its owner out" {
	secure preload '
		for mask in 000 077 777; do
			mkfifo /mnt/go$mask; chmod 666 /mnt/go$mask; exec 5<>/mnt/go$mask
			(umask $mask; user "$DIR/suid" make:/tmp/x say:ready <&5 >/mnt/out$mask) &
			chmod 644 /mnt/out$mask 2>/dev/null
			for i in $(seq 200); do grep -q ready /mnt/out$mask && break; sleep 0.05; done
			grep "make:/tmp/x ok" /mnt/out$mask || exit 1
			stat -c "%a" /tmp/.privtmp-*
			stat -c "lease %a" /tmp/.privtmp-*/lease
			echo >&5
			wait; gone || exit 1
		done'
	refute_line --regexp '^7[1-7]'
	assert_line 700
	refute_line --regexp '^lease (666|0|600)$'
}

@test "a working directory of the user's choice leads to nothing shared" {
	secure preload '
		echo planted >/tmp/planted; mkdir -m 777 /tmp/mine /tmp/gone
		cd /tmp || exit 1
		user "$DIR/suid" gone:planted make:x cd:/ || exit 1
		[ ! -e /tmp/x ] || exit 1
		gone || exit 1
		cd /tmp/gone && rmdir /tmp/gone
		user "$DIR/suid" make:/tmp/x || exit 1
		cd / && gone'
}

@test "a set-user-ID program that gives up its rights for good is its caller's, and leaves nothing" {
	secure preload '
		user "$DIR/suid" make:/tmp/x setuid:"$TEST_UID" ids gone:/tmp/x make:/tmp/y || exit 1
		[ ! -e /tmp/y ] && gone'
	assert_line "$TEST_UID $TEST_UID"
}

@test "one that takes them back finds its /tmp again, and its caller was never let in" {
	secure preload '
		user "$DIR/suid" make:/tmp/x seteuid:"$TEST_UID" make:/tmp/y seteuid:0 \
			read:/tmp/x gone:/tmp/y
		[ ! -e /tmp/y ] && gone'
	assert_line "make:/tmp/y EACCES"
	assert_line "read:/tmp/x ok"
}

# sudo and su in short: a set-user-ID program that becomes somebody else.
@test "what it executes for another user is in root's session, not in its caller's" {
	secure preload '
		user env -u PRIVTMP_MODE "$STEPS" make:/tmp/callers \
			exec "$DIR/suid" gone:/tmp/callers make:/tmp/suids setresuid:"$OTHER_UID" \
			exec "$STEPS" ids gone:/tmp/callers make:/tmp/x || exit 1
		[ -z "$(ls /tmp)" ] && gone'
	assert_line "$OTHER_UID $OTHER_UID"
}

@test "a session lives as long as the set-user-ID program without the shim that it runs" {
	run -0 as_user env LD_PRELOAD="$SHIM" "$STEPS" make:/tmp/x exec "$DIR/suid" gone:/tmp/x
	assert_no_session
}
