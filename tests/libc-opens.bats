# SPDX-License-Identifier: LGPL-2.1-or-later
# What libc opens inside itself, by variables and by names in /dev/shm: with the shim it
# is in the view, and without it another user's file is found.
#
# shellcheck disable=SC2016,SC2030,SC2031 # expanded by the inner shell; tests are subshells

load common

setup() {
	need_users
	need_own_tmp
	OPENS=$PROGS/libc_opens
	cd /
}

teardown() {
	has_own_tmp || return 0
	rm -rf /tmp/* /var/tmp/*
	[[ -z ${SHM_MOUNTED:-} ]] || umount /dev/shm
}

# bare, victim COMMAND [ARG]...: without and with the shim, as the user that is attacked.
bare() { as_user env "$@"; }
victim() { as_user env LD_PRELOAD="$SHIM" "$@"; }

# plant FILE: as another user, in /tmp.
plant() {
	as_other mkdir -p "${1%/*}"
	cat >"$1"
	chown "$OTHER_UID" "$1"
	chmod 644 "$1"
}

# A zone that is nine hours from UTC, as version 1 of tzfile(5) has it.
plant_zone() {
	ZONE=$(scratch)/zone
	{
		printf TZif
		head -c 32 /dev/zero # a version, reserved bytes, four counts of 0
		printf '\0\0\0\1\0\0\0\4\0\0\176\220\0\0EVL\0'
	} >"$ZONE"
	plant /tmp/zone <"$ZONE"
}

@test "a zone's file that TZ names is the view's, for each call that reads it" {
	local tz

	plant_zone
	run -0 bare TZ=:/tmp/zone "$OPENS" zone
	assert_line "localtime 09 EVL" || skip "libc reads no zone from there"
	for tz in :/tmp/zone /tmp/zone //tmp/./zone; do
		run -0 victim TZ="$tz" "$OPENS" zone
		refute_output --partial EVL
		assert_line --regexp "^localtime 00 "
		assert_line "mktime 24"
		assert_line "localtime_r 0"
		assert_line "ctime Thu Jan  1 00"
	done
	run -0 victim TZ=:/tmp/zone PRIVTMP_SHARE=/tmp/zone "$OPENS" zone
	assert_line "localtime 09 EVL"
	# What is in the view is read.
	run -0 victim sh -c 'cp "$1" /tmp/zone; TZ=:/tmp/zone "$2" zone' sh \
		"$ZONE" "$OPENS"
	assert_line "localtime 09 EVL"
	assert_line "mktime 15"
}

@test "it is the view's in a session with a link out of the view, too" {
	plant_zone
	run -0 victim sh -c 'ln -s / /tmp/out; TZ=:/tmp/zone "$1" zone' sh "$OPENS"
	assert_line --regexp "^localtime 00 "
	run -0 victim sh -c 'ln -s / /tmp/out; cp "$1" /tmp/zone; TZ=:/tmp/zone "$2" zone' sh \
		"$ZONE" "$OPENS"
	assert_line "localtime 09 EVL"
}

@test "a zone that TZ names is not read by calls that need none" {
	local call

	plant_zone
	for call in gmtime gmtime_r timegm strptime syslog; do
		run -0 bare TZ=:/tmp/zone "$OPENS" "after-$call"
		[[ $output == *" 9" ]] || continue
		run -0 victim TZ=:/tmp/zone "$OPENS" "after-$call"
		assert_output "localtime_r after $call 0"
		run -0 victim sh -c 'cp "$1" /tmp/zone; TZ=:/tmp/zone "$2" "after-$3"' sh \
			"$ZONE" "$OPENS" "$call"
		assert_output "localtime_r after $call 9"
	done
}

@test "the password file of HOME is the view's" {
	printf 'machine ours login planted\n' | plant /tmp/.netrc
	run -0 bare HOME=/tmp "$OPENS" netrc
	assert_line "ruserpass planted" || skip "libc reads none"
	run -0 victim HOME=/tmp "$OPENS" netrc
	assert_output $'ruserpass none\nHOME /tmp'
	run -0 victim HOME=/tmp sh -c \
		'echo machine ours login own >/tmp/.netrc; "$1" netrc' sh "$OPENS"
	assert_output $'ruserpass own\nHOME /tmp'
}

@test "an ABI that a file in GETCONF_DIR stands for is the view's" {
	plant /tmp/conf/POSIX_V6_ILP32_OFF32 </dev/null
	chmod 755 /tmp/conf/POSIX_V6_ILP32_OFF32
	run -0 bare GETCONF_DIR=/tmp/conf "$OPENS" abi
	assert_output "sysconf found" || skip "libc does not look there"
	run -0 victim GETCONF_DIR=/tmp/conf "$OPENS" abi
	assert_output "sysconf none"
}

@test "what HOSTALIASES and RESOLV_HOST_CONF name is the view's, for each call that asks for a host" {
	local call file trace

	command -v strace >/dev/null || skip "needs strace, to see what is opened"
	echo 'ours theirs.invalid' | plant /tmp/aliases
	echo 'multi on' | plant /tmp/hostconf
	trace=$(scratch)/trace
	traced() {
		run as_user strace -f -e trace=openat,open -o "$trace" \
			-E RES_OPTIONS='timeout:1 attempts:1' -E HOSTALIASES=/tmp/aliases \
			-E RESOLV_HOST_CONF=/tmp/hostconf "$@" "$OPENS" "host-$call"
	}
	for call in gethostbyaddr getnameinfo getaddrinfo_a getaddrinfo_a-nowait rexec rcmd \
		ruserok gethostid clnt_create getrpcport callrpc; do
		traced
		grep -o '"/tmp/[a-z]*"' "$trace" | tr -d '"' | sort -u >"$BATS_TEST_TMPDIR/found" ||
			continue
		traced -E LD_PRELOAD="$SHIM"
		assert_line "asked $call"
		run ! grep '"/tmp/[a-z]' "$trace"
		while read -r file; do
			run -0 grep "/\.privtmp-.*$file" "$trace"
		done <"$BATS_TEST_TMPDIR/found"
	done
}

@test "the program, its children and env see the value that it had" {
	plant_zone
	run -0 victim TZ=:/tmp/zone "$OPENS" zone environment zone
	assert_line "getenv :/tmp/zone"
	assert_line "child :/tmp/zone"
	assert_line "TZ=:/tmp/zone"
	run -0 victim TZ=:/tmp/zone env
	assert_line "TZ=:/tmp/zone"
	run -0 victim TZ=:/tmp/zone "$OPENS" threads
	assert_output "threads right"
}

@test "a locale that LOCPATH names is the view's" {
	local from

	for from in /usr/lib/locale/C.utf8 /usr/lib/locale/C.UTF-8; do
		[[ ! -d $from ]] || break
	done
	[[ -d $from ]] || skip "there is no locale to copy"
	as_other mkdir /tmp/loc
	as_other cp -r "$from" /tmp/loc/xx_YY
	run -0 bare LOCPATH=/tmp/loc "$OPENS" locale
	assert_line "setlocale found"
	run -0 victim LOCPATH=/tmp/loc "$OPENS" locale
	assert_output $'setlocale none\nnewlocale none'
}

@test "modules that GCONV_PATH names are the view's" {
	local module trace

	for module in /usr/lib/*/gconv/UTF-16.so /usr/lib*/gconv/UTF-16.so; do
		[[ ! -e $module ]] || break
	done
	[[ -e $module ]] || skip "there is no module to copy"
	printf 'module INTERNAL OURSET// ours 1\n' | plant /tmp/gconv/gconv-modules
	plant /tmp/gconv/ours.so <"$module"
	command -v strace >/dev/null || skip "needs strace, to see what is opened"
	trace=$(scratch)/trace
	traced() {
		run as_user strace -e trace=openat,open -o "$trace" -E GCONV_PATH=/tmp/gconv \
			"$@" "$OPENS" charset locale
	}
	traced
	run -0 grep '"/tmp/gconv/' "$trace"
	traced -E LD_PRELOAD="$SHIM"
	run ! grep '"/tmp/gconv' "$trace"
	run -0 grep '/\.privtmp-.*/tmp/gconv' "$trace"
}

@test "modules that GCONV_PATH names are the view's where the program sets it itself" {
	local trace way

	command -v strace >/dev/null || skip "needs strace, to see what is opened"
	printf 'module INTERNAL OURSET// ours 1\n' | plant /tmp/gconv/gconv-modules
	trace=$(scratch)/trace
	for way in set-charset put-charset write-charset; do
		run -0 as_user strace -e trace=openat,open -o "$trace" "$OPENS" "$way"
		assert_output "mbstowcs one"
		run -0 grep '"/tmp/gconv/' "$trace"
		run -0 as_user strace -e trace=openat,open -o "$trace" \
			-E LD_PRELOAD="$SHIM" "$OPENS" "$way"
		assert_output "mbstowcs one"
		run ! grep '"/tmp/gconv' "$trace"
		run -0 grep '/\.privtmp-.*/tmp/gconv' "$trace"
	done
}

@test "catalogues that NLSPATH names, and the file of DATEMSK, are the view's" {
	printf '%%m/%%y\n' | plant /tmp/datemsk
	run -0 bare DATEMSK=/tmp/datemsk "$OPENS" date
	assert_output "getdate found"
	run -0 victim DATEMSK=/tmp/datemsk "$OPENS" date
	assert_output "getdate none"
	command -v gencat >/dev/null || skip "needs gencat"
	printf '$set 1\n1 planted\n' >"$BATS_TEST_TMPDIR/msg"
	gencat "$BATS_TEST_TMPDIR/cat" "$BATS_TEST_TMPDIR/msg"
	plant /tmp/nls/ours <"$BATS_TEST_TMPDIR/cat"
	run -0 bare NLSPATH=/opt/%N:/tmp/nls/%N "$OPENS" catalogue
	assert_output "catopen planted"
	run -0 victim NLSPATH=/opt/%N:/tmp/nls/%N "$OPENS" catalogue
	assert_output "catopen none"
}

@test "messages in a guarded directory that a relative name leads to are the view's" {
	local file=/tmp/messages/xx/LC_MESSAGES/ours.mo copy

	copy=$(scratch)
	as_other mkdir -p "${file%/*}"
	{ # one message, "hello", as the format of .mo files has it
		printf '\336\22\4\225\0\0\0\0\1\0\0\0\34\0\0\0\44\0\0\0\0\0\0\0\0\0\0\0'
		printf '\5\0\0\0\54\0\0\0\7\0\0\0\62\0\0\0hello\0planted\0'
	} | plant "$file"
	run -0 bare LANGUAGE=xx "$OPENS" messages
	[[ $output == "gettext planted" ]] || skip "libc reads no messages so"
	run -0 victim LANGUAGE=xx "$OPENS" messages
	assert_output "gettext hello"
	cp -r /tmp/messages "$copy"
	run -0 victim LANGUAGE=xx sh -c 'cp -r "$1" /tmp && exec "$2" messages' sh \
		"$copy/messages" "$OPENS"
	assert_output "gettext planted"
}

@test "what a profile is written to is the view's" {
	local program

	program=$(scratch)/p
	echo 'int main(void) { return 0; }' >"$program.c"
	${CC:-cc} -pg -o "$program" "$program.c" 2>/dev/null ||
		skip "needs a compiler that profiles"
	bare GMON_OUT_PREFIX=/tmp/prof "$program"
	compgen -G '/tmp/prof*' >/dev/null || skip "libc writes no profile"
	rm -f /tmp/prof*
	run -0 victim GMON_OUT_PREFIX=/tmp/prof sh -c '"$1"; echo /tmp/prof*' sh "$program"
	assert_output --regexp '^/tmp/prof\.[0-9]+$'
	run ! compgen -G '/tmp/prof*'
}

# own_shm: a /dev/shm of this test's own.
own_shm() {
	mount -t tmpfs -o mode=1777 shm /dev/shm 2>/dev/null || skip "needs a /dev/shm of its own"
	SHM_MOUNTED=yes
}

@test "shared memory and semaphores by name are private where /dev/shm is guarded" {
	local answers

	own_shm
	run -0 bare "$OPENS" shm shm-end sem sem-end
	answers=$output
	assert_line "sem_trywait posted"
	run -0 victim PRIVTMP_GUARD=/dev/shm "$OPENS" shm shm-end sem sem-end
	assert_output "$answers"
	run -0 victim "$OPENS" shm shm-end sem sem-end
	assert_output "$answers"
	echo planted >/dev/shm/ours
	chmod 666 /dev/shm/ours
	run -0 bare "$OPENS" shm
	assert_line --regexp "shm_open (planted|Permission denied)"
	run -0 victim PRIVTMP_GUARD=/dev/shm sh -c '"$1" shm sem; ls -A /dev/shm' sh "$OPENS"
	assert_line "shm_open new"
	assert_line "sem.ours"
	assert_equal "$(ls -A /dev/shm)" ours
}

@test "names of these that begin with a dot, are long, or are none, lead nowhere else" {
	local script=$BATS_TEST_TMPDIR/odd.py answers name planted

	command -v python3 >/dev/null || skip "needs python3"
	own_shm
	cat >"$script" <<-'END'
		import ctypes, errno, os
		libc = ctypes.CDLL(None, use_errno=True)
		libc.sem_open.restype = ctypes.c_void_p
		def said(what, name, ret):
		    bad = ret in (-1, None, 0) if what == "sem_open" else ret < 0
		    e = errno.errorcode.get(ctypes.get_errno(), "?") if bad else "ok"
		    print(what, repr(name)[:24], len(name or ""), e)
		    return ret
		def call(what, name, *args):
		    ctypes.set_errno(0)
		    at = name.encode() if name is not None else None
		    return said(what, name, getattr(libc, what)(at, *args))
		CREATE = os.O_CREAT | os.O_RDWR
		names = ["", "/", "//", "/.", "/..", "/.x", "a/b", "/a/b", "///c", "d", "/e/", "/" + "f" * 250,
			"/" + "g" * 251, "/" + "i" * 252, "/" + "k" * 255, "/" + "j" * 300]
		for name in names:
		    fd = call("shm_open", name, CREATE, 0o600)
		    if fd >= 0:
		        print(os.get_inheritable(fd))
		    call("shm_open", name, CREATE | os.O_EXCL, 0o600)
		    call("shm_unlink", name)
		    call("sem_open", name, CREATE, 0o600, 1)
		    call("sem_open", name, CREATE | os.O_EXCL, 0o600, 1)
		    call("sem_unlink", name)
		    call("sem_unlink", name)
		os.mkdir("/dev/shm/dir")
		os.symlink("d", "/dev/shm/link")
		os.mkdir("/dev/shm/sem.dir")
		for name in "dir", "link", "none":
		    call("shm_open", name, os.O_RDWR, 0)
		    call("shm_unlink", name)
		    call("sem_open", name, 0)
		    call("sem_unlink", name)
		call("sem_open", "large", CREATE, 0o600, 1 << 31)
		one = call("sem_open", "twice", CREATE, 0o600, 1)
		print(one == call("sem_open", "twice", CREATE, 0o600, 1))
		for i in range(3):
		    ctypes.set_errno(0)
		    said("sem_close", "twice", libc.sem_close(ctypes.c_void_p(one)))
		print(sorted(os.listdir("/dev/shm")))
	END
	run -0 bare python3 -c "$(cat "$script")"
	answers=$output
	assert_line "sem_open 'large' 5 EINVAL"
	rm -rf /dev/shm/*
	for name in c d .x sem.c sem..x "$(printf '%0252d' 0 | tr 0 i)" "$(printf '%0250d' 0 | tr 0 f)" \
		"$(printf '%0255d' 0 | tr 0 k)"; do
		echo planted >"/dev/shm/$name"
		chmod 666 "/dev/shm/$name"
	done
	planted=$(ls -Al /dev/shm)
	run -0 victim PRIVTMP_GUARD=/dev/shm python3 -c "$(cat "$script")"
	assert_output "$answers"
	assert_equal "$(ls -Al /dev/shm)" "$planted"
}

@test "a semaphore more than there is room for is refused, and the others are as they were" {
	local script=$BATS_TEST_TMPDIR/many.py

	command -v python3 >/dev/null || skip "needs python3"
	own_shm
	cat >"$script" <<-'END'
		import ctypes, errno, os
		libc = ctypes.CDLL(None, use_errno=True)
		libc.sem_open.restype = ctypes.c_void_p
		def sem(n):
		    return libc.sem_open(b"many%d" % n, os.O_CREAT | os.O_RDWR, 0o600, 1)
		opened = [sem(n) for n in range(256)]
		before = len(os.listdir("/proc/self/fd"))
		print(all(opened), sem(256), errno.errorcode[ctypes.get_errno()])
		print(len(os.listdir("/proc/self/fd")) == before, sem(7) == opened[7])
		print(libc.sem_trywait(ctypes.c_void_p(opened[255])), libc.sem_close(ctypes.c_void_p(opened[3])))
		print(bool(sem(256)))
	END
	run -0 victim PRIVTMP_GUARD=/dev/shm python3 -c "$(cat "$script")"
	assert_output "$(printf '%s\n' "True None ENFILE" "True True" "0 0" True)"
}

@test "a message queue is refused in one line where its directory is guarded" {
	run -0 bare "$OPENS" mq
	[[ $output != *"not implemented"* ]] || skip "there are no message queues here"
	run -0 victim PRIVTMP_ROOT=/tmp PRIVTMP_GUARD=/dev/mqueue "$OPENS" mq mq
	assert_line "mq_open Permission denied"
	assert_line "mq_open by number Permission denied"
	assert_line "privtmp: /ours: a message queue is the kernel's, and cannot be private: Permission denied (13); do not guard /dev/mqueue"
	assert_equal "${#lines[@]}" 5
}
