# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2012,SC2016 # the output of ls is what is compared
# Programs on terminals of their own, made by script(1) and expect: a shell that completes
# names, ed, less, gdb; typescripts and logs in /tmp.
set -eu
export TERM=xterm COLUMNS=80 LINES=24
script -q -e -c 'tty > /tmp/tty; echo in a terminal; exit 3' /tmp/typescript < /dev/null > /dev/null || echo "status $?"
grep -c 'in a terminal' /tmp/typescript
sed 's/[0-9]*$//' /tmp/tty
script -q -O /tmp/out -T /tmp/timing -c 'echo timed' < /dev/null > /dev/null
grep -c '^timed' /tmp/out
test -s /tmp/timing && echo times
seq 1 50 > /tmp/text
cat > s.exp << 'END'
set timeout 10
log_user 0
log_file -a -noappend /tmp/expect.log
proc await {text} {
	expect -ex $text { puts "saw $text" } timeout { puts "no $text" }
}
proc ended {} {
	expect eof { puts [lindex [wait] 3] } timeout { puts "no end" }
}
spawn ed /tmp/new
send "a\rtyped\r.\rw\rq\r"
ended
spawn sh
send "cd /tmp; pwd | sed s/^/is:/\r"
await is:/tmp
send "exit 4\r"
ended
spawn bash --norc --noprofile
send "cat /tmp/n\t\r"
await typed
send "exit\r"
ended
spawn sh -c "cat /tmp/text | less -o /tmp/less.log"
await 10
send "s/tmp/saved\r"
send "q"
ended
spawn less /tmp/text
await 10
send "/49\r"
await 49
send "!cat /tmp/new > /tmp/shelled\r"
await "done"
send "\rq"
ended
END
expect -f s.exp
cat /tmp/new /tmp/shelled
grep -c typed /tmp/expect.log
wc -l /tmp/less.log
rm -rf /tmp/*
ls -A /tmp
