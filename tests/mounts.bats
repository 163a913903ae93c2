# SPDX-License-Identifier: LGPL-2.1-or-later
# Mounts below a guarded directory: what the system says of them is said by the view's names.

load common

setup() {
	[[ $(id -u) -eq 0 ]] || skip "needs root, to mount"
	unshare --mount true 2>/dev/null || skip "no mount namespaces here"
	cd "$(scratch)" || return
}

teardown() {
	cd /
	assert_no_session
}

# Perl: the line of a mount, from lists that are opened by number, and relative to a directory.
# shellcheck disable=SC2016
BY_NUMBER='require q(syscall.ph); opendir(my $d, q(/proc/self));
	for ([-100, q(/proc/mounts)], [fileno($d), q(mounts)], [-100, q(/proc/self/mountinfo)]) {
		open(my $f, q(<&=), syscall(&SYS_openat, $_->[0], $_->[1], 0, 0)) or die;
		/first/ and / (\/tmp\/[^ ]*) / and print qq($1\n) while <$f>;
	}'
export BY_NUMBER

# Perl: the point and the root of a mount as statmount(2) tells them, which newer libmounts ask.
# shellcheck disable=SC2016
BY_ID='require q(syscall.ph);
	for my $path (@ARGV) {
		my ($st, $told) = (qq(\0) x 256, qq(\0) x 4096);
		syscall(&SYS_statx, -100, $path, 0, 0x4000, $st) == 0 or next;
		my $want = pack(q(LLQQQ), 32, 0, unpack(q(x144 Q), $st), 0x18, 0);
		syscall(457, $want, $told, 4096, 0) == 0 or next;
		print map({ (unpack(qq(x512 x$_ Z*), $told))[0], qq(\n) }
			reverse unpack(q(x104 LL), $told));
	}'
export BY_ID

# Python: the mount points by getmntent(3) and its kin.
# shellcheck disable=SC2089,SC2090 # a program, in one word
ENTRIES='
from ctypes import *
c = CDLL(None)
names = POINTER(c_char_p)
for f in c.setmntent, c.getmntent, c.getmntent_r: f.restype = c_void_p
entry, room = (c_void_p * 8)(), create_string_buffer(4096)
for path in b"/proc/mounts", b"/proc/self/mounts":
	for one in c.getmntent, lambda f: c.getmntent_r(c_void_p(f), entry, room, 4096):
		f = c.setmntent(path, b"r")
		while True:
			e = one(c_void_p(f)) if one is c.getmntent else one(f)
			if not e: break
			e = cast(e, names)
			if e[0] in (b"first", b"second", b"third"): print(e[1].decode())
		c.endmntent(c_void_p(f))
'
# shellcheck disable=SC2090
export ENTRIES

# What the programs that look for mounts say of some below /tmp and /var/tmp.
# shellcheck disable=SC2016 # expanded by the inner shell
LOOK='
	mkdir /tmp/m /tmp/m/n /tmp/a "/tmp/with blank" /var/tmp/v
	mount -t tmpfs first /tmp/m
	mkdir /tmp/m/n
	mount -t tmpfs second /tmp/m/n
	mount -t tmpfs third "/tmp/with blank"
	echo x >/tmp/a/x
	mount --bind /tmp/a /var/tmp/v
	mountpoint /tmp/m; mountpoint /tmp/m/n; mountpoint /tmp/a
	df --output=source,target /tmp/m /tmp/m/n
	findmnt -n -o TARGET,SOURCE,FSTYPE /tmp/m
	findmnt -n -o TARGET /var/tmp/v
	findmnt -rn -o TARGET | grep "/tmp/.*[a-z]"
	grep "first\|second\|third" /proc/mounts /proc/self/mounts /proc/self/mountstats
	mount | grep first
	perl -ne "print if s/^.*( \\/var\\/tmp\\/v ).*/\$1/" /proc/self/mountinfo
	perl -e "$BY_NUMBER"
	perl -e "$BY_ID" /tmp/m /tmp/m/n /var/tmp/v
	python3 -c "$ENTRIES"
	umount -R /tmp/m && ls -A /tmp/m
	umount /var/tmp/v "/tmp/with blank"
	grep -c "first\|second\|third" /proc/self/mountinfo'

@test "programs that look for mounts find those below a guarded directory by its name" {
	local bare

	run -0 unshare --mount sh -c "mount -t tmpfs t /tmp; mount -t tmpfs t /var/tmp; $LOOK; :"
	bare=$output
	[[ $bare == "/tmp/m is a mountpoint"* ]]
	[[ $bare == *$'\n0' ]]
	[[ $bare == *"/tmp/with blank"* ]]
	run -0 unshare --mount sh -c "mount -t tmpfs -o mode=1777 t /tmp
		mount -t tmpfs -o mode=1777 t /var/tmp; LD_PRELOAD='$SHIM' sh -c '${LOOK//\'/\'\\\'\'}'; :"
	assert_output "$bare"
}
