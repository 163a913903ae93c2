# SPDX-License-Identifier: LGPL-2.1-or-later
# privtmp status: what is protected, by what, and if not why.
#
# shellcheck disable=SC2016,SC2030,SC2031,SC2034 # expanded in there; each test is a subshell

load common
load run

NOT_ASKED="neither its LD_PRELOAD nor /etc/ld.so.preload names the shim; start it by privtmp run"

# status PID...: what it says, as one value of JSON each.
status_json() {
	command -v jq >/dev/null || skip "needs jq"
	"$PRIVTMP" status --format json "$@" >"$BATS_TEST_TMPDIR/json" || :
	jq -e '.status[0]' "$BATS_TEST_TMPDIR/json"
}

# sleeper [VARIABLE=VALUE]... : a process that sleeps, as PID.
sleeper() {
	env "$@" sleep 60 3>&- &
	PID=$!
	STRANGE+=" $PID"
	wait_until 10 is_program "$PID" sleep
	wait_until 10 has_libc "$PID"
}

is_program() { [[ $(readlink "/proc/$1/exe") == */"$2" ]]; }

# Whether the process PID has libc, before which the shim is loaded.
has_libc() { grep -qE '/(libc[.-]|ld-musl)' "/proc/$1/maps"; }

# without_preload: skip where all programs have the shim already.
without_preload() {
	! grep -qs libprivtmp /etc/ld.so.preload || skip "/etc/ld.so.preload names the shim"
}

@test "status tells of a process in a session its shim, door, session and policy" {
	not_nested_sanitizer
	start "${RUN[@]}" --keep failure --share '/tmp/agent.*' \
		sh -c "echo x >/tmp/$NAME; echo ready; exec sleep 60"
	wait_until 10 logged ready
	local root member
	root=$(new_sessions | grep '^/tmp/')
	member=$(child_of "$PID" sleep)
	STRANGE+=" $member"
	run -0 "$PRIVTMP" status "$member"
	assert_line --index 0 "process $member (sleep 60): private"
	assert_line --index 1 "  shim     $SHIM"
	assert_line "  door     preload"
	assert_line "  session  $root, live, $(id -un)'s"
	assert_line "  guarded  /tmp, /var/tmp"
	assert_line --regexp '^  shared   .*/tmp/agent\.\*'
	assert_line --regexp '^  policy   scope=tree keep=failure '
	refute_line --partial " why "
	# The launcher is in it, too, and needs no shim.
	run -0 "$PRIVTMP" status "$PID"
	assert_line "  note     privtmp itself, which needs no shim"
	run -0 status_json "$member"
	run -0 jq -r '.kind, .pid, .verdict, .shim, .door, .session.root,
		.session.policy.guards[0].view, .session.policy.keep, .why' <<<"$output"
	assert_output "$(printf '%s\n' process "$member" private "$SHIM" preload "$root" /tmp \
		failure null)"
	kill -TERM "$PID"
	ends "$PID" 143
	"$PRIVTMP" sweep --all --own
}

@test "status tells why a process is not private" {
	not_nested_sanitizer
	without_preload
	sleeper
	run -1 "$PRIVTMP" status "$PID"
	assert_output "process $PID (sleep 60): not private
  shim     not loaded
  why      $NOT_ASKED"
	sleeper LD_PRELOAD="$SHIM" PRIVTMP_MODE=off
	run -1 "$PRIVTMP" status "$PID"
	assert_line "  why      it was started with PRIVTMP_MODE=off"
	refute_line --regexp "^  door "
	sleeper LD_PRELOAD="$SHIM"
	run -0 "$PRIVTMP" status "$PID"
	assert_line --partial "no session yet: it has used no guarded path"
	# It would run unprotected; but it has used /tmp from the start.
	sleeper LD_PRELOAD="$SHIM" PRIVTMP_ONFAIL=pass PRIVTMP_ROOT=/nowhere
	run -1 "$PRIVTMP" status "$PID"
	assert_line --partial "onfail = pass, and no private directory could be had"
	sleeper LD_PRELOAD=/nowhere/libprivtmp.so
	run -1 "$PRIVTMP" status "$PID"
	assert_line --partial "the dynamic linker could not load that"
}

@test "status tells of a static program that no library gets in" {
	local program=$BATS_TEST_TMPDIR/static

	${CC:-cc} -static -o "$program" -xc - <<<'#include <unistd.h>
		int main(void) { return pause(); }' || skip "the compiler makes no static programs here"
	LD_PRELOAD=$SHIM "$program" 3>&- &
	PID=$!
	STRANGE+=" $PID"
	wait_until 10 is_program "$PID" static
	run -1 "$PRIVTMP" status "$PID"
	assert_line --partial "why      statically linked: no library"
	run -1 "$PRIVTMP" status "$program"
	assert_line --index 0 "command $program: not private if it is started as it is"
	assert_line --partial "private by privtmp run, by mounts"
	assert_line --partial "why      statically linked: no library"
}

@test "status tells of a set-user-ID program that LD_PRELOAD was ignored" {
	local program

	without_preload
	need_users
	program=$(scratch)/suid
	cp "$(command -v sleep)" "$program"
	chown "$OTHER_UID" "$program"
	chmod 4755 "$program"
	LD_PRELOAD=$SHIM setpriv --reuid="$TEST_UID" --regid="$TEST_UID" --clear-groups \
		-- "$program" 60 3>&- &
	PID=$!
	STRANGE+=" $PID"
	wait_until 10 is_program "$PID" suid
	run -1 "$PRIVTMP" status "$PID"
	assert_line --partial "why      set-user-ID, set-group-ID or with capabilities"
	assert_line --partial "name the shim in /etc/ld.so.preload"
	# Who may not look into it is told so.
	run -1 as_user "$PRIVTMP" status "$PID"
	assert_line --index 0 --regexp "^process $PID .*: unknown\$"
	assert_line "  why      it may not be looked into; ask as its user, or as root"
}

@test "status does not say of a program that is just being loaded that it is not private" {
	local fifo

	fifo=$(scratch)/fifo
	mkfifo "$fifo"
	LD_PRELOAD="$fifo $SHIM" sleep 60 2>/dev/null 3>&- &
	PID=$!
	STRANGE+=" $PID"
	wait_until 10 is_program "$PID" sleep
	has_libc "$PID" && skip "needs glibc's dynamic linker"
	run -1 "$PRIVTMP" status "$PID"
	assert_line --index 0 --regexp "^process $PID .*: unknown\$"
	assert_line "  why      it is just being loaded; ask again"
	: >"$fifo"
	wait_until 10 has_libc "$PID"
	run -0 "$PRIVTMP" status "$PID"
	assert_line --index 0 --regexp "^process $PID .*: private\$"
}

@test "status knows a private directory that is mounted on the guarded one" {
	not_nested_sanitizer
	need_worlds
	start "${RUN[@]}" sh -c "echo x >/tmp/$NAME; echo ready; exec sleep 60"
	wait_until 10 logged ready
	local root backing launcher=$PID
	root=$(new_sessions | grep '^/tmp/')
	backing=$(echo "$root"/???????????/tmp)
	STRANGE+=" $(child_of "$PID" sleep)"
	unshare --mount --propagation private sh -c \
		'mount --bind "$1" /tmp && exec sleep 60' sh "$backing" 3>&- &
	PID=$!
	STRANGE+=" $PID"
	wait_until 10 is_program "$PID" sleep
	run -0 "$PRIVTMP" status "$PID"
	assert_line "  door     mount"
	assert_line "  session  $root, live, $(id -un)'s"
	kill "$PID"
	kill -TERM "$launcher"
	ends "$launcher" 143
}

@test "status knows a session's helper, and one that keeps a namespace" {
	not_nested_sanitizer
	"${RUN[@]}" --backend mount true 2>/dev/null || skip "the mount door does not open here"
	start "${RUN[@]}" --backend mount sh -c 'echo ready; exec sleep 60'
	wait_until 10 logged ready
	local launcher=$PID helper

	helper=$(child_of "$launcher" privtmp-keeper)
	run -0 "$PRIVTMP" status "$helper"
	assert_line "  note     a helper, which removes a session"
	kill -TERM "$launcher"
	ends "$launcher" 143
}

@test "status tells what loads the shim into a command, and whether run can" {
	local dir

	not_nested_sanitizer
	without_preload
	dir=$(scratch)
	cp "$(command -v bash)" "$dir/legacy"
	run -1 "$PRIVTMP" status "$dir/legacy"
	assert_line --index 0 "command $dir/legacy: not private if it is started as it is"
	assert_line "  why      nothing loads the shim into it; start it by privtmp run"
	assert_line "  run      private by privtmp run"
	run -0 env LD_PRELOAD="$SHIM" "$PRIVTMP" status "$dir/legacy"
	assert_line "  shim     by LD_PRELOAD"
	run -1 env LD_PRELOAD="$SHIM" PRIVTMP_MODE=off "$PRIVTMP" status "$dir/legacy"
	assert_line --partial "why      mode = off, by PRIVTMP_MODE"
	"$PRIVTMP" wrap "$dir/legacy" >/dev/null
	run -0 "$PRIVTMP" status --guard /srv "$dir/legacy"
	assert_line "  shim     by privtmp wrap"
	assert_line "  runs     /bin/sh"
	assert_line "  guard    /srv, by --guard"
	run -0 status_json "$dir/legacy"
	run -0 jq -r '.kind, .verdict, .loaded_by, .preload' <<<"$output"
	assert_output $'command\nprivate\nprivtmp wrap\ntrue'
	run -0 env PRIVTMP_MODE=redirect PRIVTMP_GUARD=/srv "$PRIVTMP" status --format json "$dir/legacy"
	assert_output --partial '"settings": {"guard": "/srv", "mode": "redirect"}'
}

@test "status takes no library for loaded that is not where it is said to be" {
	not_nested_sanitizer
	without_preload
	run -1 env LD_PRELOAD=/nowhere/libprivtmp.so "$PRIVTMP" status true
	assert_line --index 0 --partial ": not private if it is started as it is"
	assert_line "  why      LD_PRELOAD names a file that is not there; start it by privtmp run"
	run -0 env LD_PRELOAD="$SHIM" "$PRIVTMP" status true
	assert_line "  shim     by LD_PRELOAD"
}

@test "status tells of a section that leaves a program alone" {
	need_worlds
	without_preload
	run -0 unshare --mount --propagation private bash -c '
		mount -t tmpfs -o mode=755 over /mnt && mkdir /mnt/up /mnt/work &&
		mount -t overlay -o lowerdir=/etc,upperdir=/mnt/up,workdir=/mnt/work over /etc ||
			exit 99
		printf "mode = off\n[/mnt/legacy]\nmode = redirect\n" >/etc/privtmp.conf
		cp "$(type -P sleep)" /mnt/legacy
		cp "$(type -P sleep)" /mnt/other
		LD_PRELOAD=$SHIM /mnt/legacy 30 & legacy=$!
		LD_PRELOAD=$SHIM /mnt/other 30 & other=$!
		for i in {1..100}; do
			[[ $(readlink /proc/{$legacy,$other}/exe | xargs) != "/mnt/legacy /mnt/other" ]] || break
			sleep 0.1
		done
		sleep 0.5 # for both to come to their main
		"$PRIVTMP" status $legacy $other
		echo "$?"
		kill $legacy $other
		echo nonsense >/etc/privtmp.conf
		"$PRIVTMP" status sleep || :' bash
	assert_line --regexp 'process .*/mnt/legacy 30\): private'
	assert_line --regexp 'process .*/mnt/other 30\): not private'
	assert_line --partial "why      mode = off, by /etc/privtmp.conf:1; give it a section"
	assert_line 1
	assert_line "  run      not by privtmp run: the configuration has a mistake"
}

@test "status tells of a unit, and of each of its processes" {
	local script=$BATS_TEST_TMPDIR/script

	[[ $(id -u) -eq 0 ]] || skip "needs root, for a systemd of its own"
	cat >"$script" <<-'END'
		unit() {
			printf '[Unit]\nDefaultDependencies=no\n[Service]\nExecStart=%s\n' \
				"/bin/sh -c 'echo x >/tmp/x; exec sleep 60'" >/run/systemd/system/$1.service
		}
		unit with; unit without; unit idle
		"$PRIVTMP" unit --install with >/dev/null 2>&1
		systemctl daemon-reload
		systemctl start with without
		for unit in with without; do
			for i in $(seq 100); do
				! grep -qx sleep "/proc/$(systemctl show -p MainPID --value $unit)/comm" || break
				sleep 0.1
			done
		done
		sleep 0.5
		"$PRIVTMP" status with.service; echo "with: $?"
		"$PRIVTMP" status without.service; echo "without: $?"
		"$PRIVTMP" status idle.service; echo "idle: $?"
		"$PRIVTMP" status none.service; echo "none: $?"
		systemctl stop with without
	END
	run "$PRIVTMP_SOURCE/tests/with-systemd" "$script"
	[[ $status -ne 99 ]] || skip "no systemd can be had here: $output"
	assert_line "unit with.service: running"
	assert_line --partial "drop-in  /etc/systemd/system/with.service.d/privtmp.conf"
	assert_line --regexp '^process [0-9]+ \(sleep 60\): private$'
	assert_line "with: 0"
	assert_line "unit without.service: running"
	assert_line --regexp '^process [0-9]+ \(sleep 60\): not private$'
	assert_line "without: 1"
	assert_line "unit idle.service: not running"
	assert_line "  why      it has no drop-in of privtmp's; see privtmp unit"
	assert_line "idle: 1"
	assert_line "unit none.service: not there"
	assert_line "none: 2"
}

@test "a unit's processes are those of its control group, under the manager that is asked for" {
	local script=$BATS_TEST_TMPDIR/script

	[[ $EUID -eq 0 ]] || skip "needs root, for mounts of its own"
	unshare --mount true || skip "needs a mount namespace"
	cat >"$script" <<-'END'
		mount -t tmpfs run /run && mount -t tmpfs etc /etc/systemd || exit 99
		mkdir -p /run/systemd/system /run/user/0/systemd/user /run/own
		cd /run/own
		export XDG_RUNTIME_DIR=/run/user/0
		unit() { printf '[Service]\nExecStart=/bin/true\n%s\n' "$2" >/run/systemd/system/$1.service; }
		unit one
		unit temp PrivateTmp=yes
		unit dynamic DynamicUser=yes
		unit rooted RootDirectory=/run/own
		cp /run/systemd/system/one.service /run/user/0/systemd/user/
		# grouped GROUP NAME: a process NAME in that control group.
		grouped() {
			cp "$(command -v sleep)" "$2"
			"./$2" 60 3>&- &
			pids+=" $!"
			printf '12:cpu:/\n0::%s\n' "$1" >group.$!
			mount --bind group.$! /proc/$!/cgroup || exit 99
		}
		grouped /system.slice/one.service its
		grouped /system.slice/stone.service other
		grouped /system.slice/one.service.d another
		grouped /system.slice/one.service/sub below
		grouped /user.slice/user@0.service/app.slice/one.service users
		"$PRIVTMP" status one.service; echo "one: $?"
		echo "json: $("$PRIVTMP" status --format json one.service)"
		echo "-- user --"
		"$PRIVTMP" status --user one.service
		echo "-- files --"
		for name in temp dynamic; do
			"$PRIVTMP" status $name.service; echo "$name: $?"
		done
		"$PRIVTMP" unit --install --force rooted.service >/dev/null 2>&1
		"$PRIVTMP" status rooted.service; echo "rooted: $?"
		kill $pids
	END
	run timeout 60 unshare --mount bash "$script"
	[[ $status -ne 99 ]] || skip "no files can be mounted there: $output"
	assert_line "unit one.service: running"
	assert_line --regexp '^process [0-9]+ \(\./below 60\): not private$'
	assert_line "one: 1"
	assert_equal "$(sed '/^one: /q' <<<"$output" | grep -o '^process .*(\./[a-z]*' | sed 's,.*/,,' | sort | xargs)" "below its"
	assert_line --regexp '^json: .*"processes": \[\{.*"command": "\./its 60".*, \{.*"\./below 60".*\], "verdict": "not private"|^\{"kind": "unit".*"processes": \[\{.*"\./its 60".*, \{.*"\./below 60".*\], "verdict": "not private"'
	assert_equal "$(sed '1,/^-- user --/d; /^-- files --/,$d' <<<"$output" | grep -o '(\./[a-z]*')" "(./users"
	assert_line "temp: 0"
	assert_line "dynamic: 0"
	assert_line --partial "it has PrivateTmp= by itself or by DynamicUser="
	assert_line "  why      the shim is not in the unit's own root, as far as can be seen; use PrivateTmp=yes, or install privtmp in there"
	assert_line "rooted: 1"
}

@test "what is not there has an exit status of its own, and words of its own" {
	run -2 "$PRIVTMP" status no-such-command-at-all
	one_line "no-such-command-at-all: no such command"
	run -2 "$PRIVTMP" status --format json no-such-command-at-all
	assert_output --partial '{"kind": "command", "path": "no-such-command-at-all", "verdict": "not there"'
	run -2 "$PRIVTMP" status no-such-unit.service
	assert_line --index 0 "unit no-such-unit.service: not there"
	assert_line --index 1 "  why      there is no such unit; see systemctl list-unit-files"
	run -2 "$PRIVTMP" status --format json no-such-unit.service
	assert_output --partial '"processes": [], "verdict": "not there"'
	run -2 "$PRIVTMP" status 999999999
	assert_line --index 0 "process 999999999: not there"
	# Nor can one have these numbers; the last is this shell's in 32 bits.
	for number in 0 4194305000 99999999999999999999 $(((1 << 32) + $$)); do
		run -2 "$PRIVTMP" status "$number"
		assert_line --index 0 --regexp '^process [0-9]*: not there$'
		assert_line "  why      no process has this number"
	done
	run -2 "$PRIVTMP" status 4194305000 --format json
	assert_output --partial '"pid": 4194305000,'
	run -2 "$PRIVTMP" status
	one_line "name a process, a unit or a command; see privtmp status --help"
}

@test "a process that has ended is told from one that runs, and a thread of the kernel's, too" {
	# Its child ends when nobody waits for it any more.
	bash -c 'while [[ $(</proc/$$/comm) != sleep ]]; do sleep 0.01; done & exec sleep 60' 3>&- &
	PID=$!
	STRANGE+=" $PID"
	wait_until 10 has_zombie
	run -2 "$PRIVTMP" status "$ZOMBIE"
	assert_line --index 0 "process $ZOMBIE: not there"
	assert_line "  why      it has ended"
	run -2 "$PRIVTMP" status --format json "$ZOMBIE"
	assert_output --partial '"it has ended"'
	[[ $(cat /proc/2/comm) == kthreadd ]] || skip "the kernel's threads are not seen here"
	run -1 "$PRIVTMP" status 2
	assert_line "  why      a thread of the kernel's"
}

has_zombie() {
	ZOMBIE=$(tr -d ' ' <"/proc/$PID/task/$PID/children")
	[[ -n $ZOMBIE && $(<"/proc/$ZOMBIE/stat") == *") Z "* ]]
}

@test "a process that procfs hides is not said to be none, and where procfs lacks, that is" {
	[[ $EUID == 0 ]] || skip "needs root"
	sleeper
	run -0 unshare --mount --propagation private sh -c 'mount -t tmpfs none /proc
		"$1" status "$2"; "$1" list 2>&1; "$1" status 99999999; true' sh "$PRIVTMP" "$PID"
	assert_line --index 0 "process $PID: unknown"
	assert_line --index 1 "  why      procfs is not on /proc; mount it there"
	assert_line "privtmp: /proc: procfs is not there, by which processes are found; mount it there"
	assert_line "process 99999999: not there"
	need_users
	run -0 unshare --mount --propagation private sh -c 'mount -t proc -o hidepid=2 none /proc || exit
		user=$3; setpriv --reuid="$user" --clear-groups --inh-caps=-all "$1" status "$2"; true' \
		sh "$PRIVTMP" "$PID" "$OTHER_UID"
	assert_line --index 1 "  why      it may not be looked into; ask as its user, or as root"
}

@test "where no process can be started to look, that is said, and of none that it may not be" {
	local other

	sleep 60 3>&- &
	other=$!
	run -1 "$PROGS/refuse" 11 clone clone3 fork vfork -- "$PRIVTMP" status "$other"
	assert_line --partial 'it cannot be looked into: Resource temporarily unavailable'
	assert_line --partial 'try again when fewer processes run'
	kill "$other"
	wait "$other" || :
	run -2 "$PROGS/refuse" 11 clone clone3 fork vfork -- "$PRIVTMP" status "$other"
	assert_output --partial 'no process has this number'
}

@test "a process's own words cannot break the lines or the JSON" {
	without_preload
	bash -c 'exec -a $'"'"'evil\n\e[31m"\\\xff'"'"' sleep 60' 3>&- &
	PID=$!
	STRANGE+=" $PID"
	wait_until 10 is_program "$PID" sleep
	run -1 "$PRIVTMP" status "$PID"
	assert_equal "${#lines[@]}" 3
	assert_line --index 0 --partial 'evil\x0a\x1b[31m'
	run -0 status_json "$PID"
	jq -e '.command | contains("evil")' <<<"$output" >/dev/null
}

@test "a process whose name has a line's end in it is looked into as any other" {
	local program=$BATS_TEST_TMPDIR/$'a\nb) Z 1'

	without_preload
	cp "$(type -P sleep)" "$program"
	"$program" 60 3>&- &
	PID=$!
	STRANGE+=" $PID"
	wait_until 10 is_program "$PID" $'a\nb) Z 1'
	run -1 "$PRIVTMP" status "$PID"
	assert_line --index 0 --partial 'a\x0ab) Z 1 60): not private'
}
