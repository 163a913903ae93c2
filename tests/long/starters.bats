# SPDX-License-Identifier: LGPL-2.1-or-later
# What starts programs for others: cron's jobs, inetd's servers with a socket for their
# standard input and output, a web server's CGI. Each in namespaces of its own, whose end
# is the end of all that was started in them.
#
# shellcheck disable=SC2016 # expanded in there

load ../common

setup() {
	[[ $(id -u) -eq 0 ]] || skip "needs root, for namespaces and an /etc of its own"
	need_own_tmp
	[[ -z ${PRIVTMP_SANITIZER:-} ]] || skip "the sanitizers' library is not in there"
	OUT=$(scratch)
	export OUT
}

teardown() {
	has_own_tmp || return 0
	find /tmp /var/tmp -mindepth 1 -delete
}

need() {
	local name

	for name; do
		PATH=$PATH:/usr/sbin:/sbin command -v "$name" >/dev/null || skip "needs $name"
	done
}

# What the scripts below begin with. The program is as they were written once: it names its
# file by its pid, and leaves it.
PRELUDE=$(
	cat <<'END'
set -u
PATH=$PATH:/usr/sbin:/sbin
mount -t tmpfs -o mode=755 run /run && mount -t tmpfs -o mode=755 over /mnt &&
	mkdir /mnt/up /mnt/work /mnt/spool /run/lock &&
	mount -t overlay -o lowerdir=/etc,upperdir=/mnt/up,workdir=/mnt/work over /etc || exit 99
cat >"$OUT/legacy" <<'LEGACY'
#!/bin/sh
read -r request
echo "$request" >/tmp/$$.tmp
echo "$(cat /tmp/$$.tmp) $(ls -A /tmp | sed "s/$$/PID/" | tr '\n' ' ')"
LEGACY
chmod 755 "$OUT/legacy"
littered() { ls -A /tmp /var/tmp | sed 's/^[0-9]*\.tmp/PID.tmp/; s/^\.privtmp-.*/SESSION/'; }
wait_until() {
	for _ in $(seq 600); do
		"$@" >/dev/null 2>&1 && return
		sleep 0.05
	done
	echo "waited in vain: $*"
	return 1
}
nothing() { [ -z "$(ls -A /tmp)$(ls -A /var/tmp)" ]; }
END
)

# in_world <SCRIPT: run it there.
in_world() {
	{
		printf '%s\n' "$PRELUDE"
		cat
	} >"$BATS_TEST_TMPDIR/script"
	unshare --mount --net --pid --fork true 2>/dev/null || skip "needs namespaces"
	run timeout -k 5 150 unshare --mount --propagation private --net --pid --fork \
		--kill-child --mount-proc bash "$BATS_TEST_TMPDIR/script"
	[[ $status -ne 99 ]] || skip "needs overlays"
	assert_success
}

@test "cron: a job under privtmp run, and a crontab that preloads the shim for all" {
	need cron
	in_world <<'END'
# What PAM would want of the machine is not what is shown here.
printf 'auth sufficient pam_permit.so\naccount sufficient pam_permit.so\nsession sufficient pam_permit.so\n' \
	>/etc/pam.d/cron
mount -t tmpfs -o mode=755 spool /var/spool && mkdir -p -m 1730 /var/spool/cron/crontabs
rm -rf /etc/cron.d && mkdir /etc/cron.d && : >/etc/crontab
cat >"$OUT/job" <<'JOB'
#!/bin/sh
echo job >/tmp/$$.tmp
{
	echo "$(id -un) $(ls -A /tmp | sed "s/$$/PID/") $(env | sed -n 's/^\(SHELL\|LOGNAME\)=/&/p' | sort | tr '\n' ' ')"
} >"$1.new"
mv "$1.new" "$1"
JOB
chmod 755 "$OUT/job"
start() {
	rm -f "$OUT"/*.out /run/crond.*
	cron -f &
	cron=$!
	wait_until test -e "$OUT/one.out"
	wait_until test -e "$OUT/two.out"
	kill $cron
	wait $cron 2>/dev/null
}
cat >/etc/cron.d/legacy <<TAB
@reboot root $OUT/job $OUT/one.out
@reboot daemon $OUT/job $OUT/two.out
TAB
start
echo without; cat "$OUT/one.out"; ls /tmp | grep -c '\.tmp'
rm /tmp/*
cat >/etc/cron.d/legacy <<TAB
@reboot root $PRIVTMP run -- $OUT/job $OUT/one.out
LD_PRELOAD=$SHIM
@reboot daemon $OUT/job $OUT/two.out
TAB
start
wait_until nothing
echo with; cat "$OUT/one.out" "$OUT/two.out"; littered
END
	assert_line --index 0 without
	assert_line --index 1 --partial root
	assert_equal "$(sed '/^with$/,$d' <<<"$output" | tail -n 1)" 2
	assert_equal "$(sed -n '/^with$/,$p' <<<"$output")" "$(
		cat <<-'END'
			with
			root PID.tmp LOGNAME=root SHELL=/bin/sh 
			daemon PID.tmp LOGNAME=daemon SHELL=/bin/sh 
			/tmp:

			/var/tmp:
		END
	)"
}

@test "inetd: a server whose standard input and output are a socket" {
	need inetd socat
	in_world <<'END'
cat >"$OUT/inetd.conf" <<CONF
$OUT/plain.sock stream unix nowait root $OUT/legacy legacy
$OUT/run.sock stream unix nowait root $PRIVTMP privtmp run -- $OUT/legacy
CONF
ask() { echo "$1" | timeout 20 socat -t 10 - "UNIX-CONNECT:$OUT/$2.sock"; }
inetd -i "$OUT/inetd.conf" &
wait_until test -S "$OUT/run.sock"
ask one plain; littered; rm -f /tmp/*
ask two run
ask three run
wait_until nothing && littered
# One that hangs up while it is served.
cat >"$OUT/legacy" <<'LEGACY'
#!/bin/sh
echo x >/tmp/$$.tmp
while echo more; do sleep 0.05; done
LEGACY
chmod 755 "$OUT/legacy"
echo | timeout 5 socat -u "UNIX-CONNECT:$OUT/run.sock" - 2>/dev/null | head -n 1
wait_until nothing && littered
END
	assert_output - <<-'END'
		one PID.tmp 
		/tmp:
		PID.tmp

		/var/tmp:
		two PID.tmp 
		three PID.tmp 
		/tmp:

		/var/tmp:
		more
		/tmp:

		/var/tmp:
	END
}

@test "socket activation in inetd's manner, and socat: the same, also with the shim alone" {
	need systemd-socket-activate socat
	in_world <<'END'
ask() { echo "$1" | timeout 20 socat -t 10 - "UNIX-CONNECT:$OUT/$2.sock"; }
systemd-socket-activate --inetd --accept -l "$OUT/run.sock" "$PRIVTMP" run -- "$OUT/legacy" \
	>"$OUT/log" 2>&1 &
systemd-socket-activate --inetd --accept -l "$OUT/bare.sock" -E LD_PRELOAD="$SHIM" \
	"$OUT/legacy" >"$OUT/log.bare" 2>&1 &
socat "UNIX-LISTEN:$OUT/socat.sock,fork" "EXEC:$PRIVTMP run -- $OUT/legacy" \
	>"$OUT/log.socat" 2>&1 &
for name in run bare socat; do
	wait_until test -S "$OUT/$name.sock"
	ask one $name
	ask two $name
done
wait_until nothing && littered
END
	assert_output - <<-'END'
		one PID.tmp 
		two PID.tmp 
		one PID.tmp 
		two PID.tmp 
		one PID.tmp 
		two PID.tmp 
		/tmp:

		/var/tmp:
	END
}

@test "CGI: each request has a /tmp of its own, by the script's first line or its launch script" {
	need busybox python3
	busybox httpd --help 2>&1 | grep -q Usage || skip "this busybox has no httpd"
	in_world <<'END'
busybox ip link set lo up
mkdir -p "$OUT/www/cgi-bin"
body() {
	cat <<'CGI'
echo "Content-Type: text/plain"
echo
echo "$QUERY_STRING" >/tmp/$$.tmp
echo "$(cat /tmp/$$.tmp) $(ls -A /tmp | grep -v slow | sed "s/$$/PID/" | tr '\n' ' ')"
CGI
}
{ echo '#!/bin/sh'; body; } >"$OUT/www/cgi-bin/plain"
cp "$OUT/www/cgi-bin/plain" "$OUT/www/cgi-bin/wrapped"
{ echo "#!$PRIVTMP run"; body; } >"$OUT/www/cgi-bin/script"
chmod 755 "$OUT"/www/cgi-bin/*
"$PRIVTMP" wrap "$OUT/www/cgi-bin/wrapped" >/dev/null
ask() { timeout 20 busybox wget -q -O - "http://127.0.0.1:$1/cgi-bin/$2?$3"; }
(cd "$OUT/www" && exec busybox httpd -f -p 127.0.0.1:8080 -h "$OUT/www") &
(cd "$OUT/www" && exec python3 -m http.server --cgi --bind 127.0.0.1 8081) >/dev/null 2>&1 &
for port in 8080 8081; do
	wait_until busybox wget -q -O /dev/null "http://127.0.0.1:$port/cgi-bin/wrapped?up"
	ask $port plain one; littered; rm -f /tmp/*
	for name in script wrapped; do
		ask $port $name one >"$OUT/1" &
		ask $port $name two >"$OUT/2"
		wait $!
		cat "$OUT/1" "$OUT/2"
	done
	wait_until nothing && littered
done
END
	local each

	each=$(
		cat <<-'END'
			one PID.tmp 
			/tmp:
			PID.tmp

			/var/tmp:
			one PID.tmp 
			two PID.tmp 
			one PID.tmp 
			two PID.tmp 
			/tmp:

			/var/tmp:
		END
	)
	assert_output "$each"$'\n'"$each"
}
