# SPDX-License-Identifier: LGPL-2.1-or-later
# privtmp wrap puts a launch script in a program's place, and privtmp run is an
# interpreter for scripts.
#
# shellcheck disable=SC2016,SC2030,SC2031,SC2034 # expanded by other shells; subshells

load common
load run

setup() {
	NAME=privtmp-wrap-$$-$RANDOM
	STRANGE='' # nothing for teardown to end
	not_nested_sanitizer
	DIR=$(scratch)
	LEGACY=$DIR/legacy
	cp "$(command -v bash)" "$LEGACY"
	PATH=$PRIVTMP_BUILD/tools:$PATH
}

@test "a wrapped program does what it did, with a private /tmp" {
	run -0 "$LEGACY" -c "echo x >/tmp/$NAME"
	[[ -e /tmp/$NAME ]]
	rm "/tmp/$NAME"
	run -0 "$PRIVTMP" wrap "$LEGACY"
	assert_output "wrapped $LEGACY, which is $LEGACY.privtmp-real now"
	run -7 "$LEGACY" -c "echo x >/tmp/$NAME; ls /tmp; echo \"\$0 <\$1> <\$2>\"; exit 7" \
		"a  b" "'" '"$x'
	assert_line --index 0 "$NAME"
	assert_line --index 1 'a  b <'"'"'> <"$x>'
	[[ ! -e /tmp/$NAME ]]
	run -0 "$PRIVTMP" wrap --undo "$LEGACY"
	assert_output "put $LEGACY back"
	cmp "$LEGACY" "$(command -v bash)"
	assert_equal "$(ls "$DIR")" legacy
}

@test "a wrapped program keeps its name, mode and owner" {
	chmod 711 "$LEGACY"
	[[ $(id -u) -ne 0 ]] || chown "$TEST_UID:$OTHER_UID" "$LEGACY"
	local owner
	owner=$(stat -c %u:%g "$LEGACY")
	(cd "$DIR" && "$PRIVTMP" wrap legacy)
	assert_equal "$(stat -c '%u:%g %a' "$LEGACY")" "$owner 755"
	assert_equal "$(stat -c '%u:%g %a' "$LEGACY.privtmp-real")" "$owner 711"
	run -0 "$LEGACY" -c 'tr "\0" " " </proc/$$/cmdline'
	assert_output --regexp "^$LEGACY -c "
	"$PRIVTMP" wrap --undo "$LEGACY"
	assert_equal "$(stat -c '%u:%g %a' "$LEGACY")" "$owner 711"
}

@test "wrap writes down an option whose value may be left out, too" {
	run -0 "$PRIVTMP" wrap --dry-run --confine=no "$LEGACY"
	assert_line --partial "run --confine=no --argv0"
	run -0 "$PRIVTMP" wrap --confine=no "$LEGACY"
	run -0 "$LEGACY" -c 'echo "it itself"'
	assert_output "it itself"
}

@test "wrap writes the options down" {
	run -0 "$PRIVTMP" wrap --guard "$DIR/it's" --share "/tmp/$NAME*" --keep never "$LEGACY"
	mkdir -m 1777 "$DIR/it's"
	run -0 "$LEGACY" -c "echo x >\"$DIR/it's/x\"; echo x >/tmp/$NAME"
	[[ -e /tmp/$NAME && ! -e "$DIR/it's/x" ]]
	run -0 env PRIVTMP_KEEP=always "$LEGACY" -c true
	assert_output ""
	# What drops those before it is written once.
	cp "$(type -P sh)" "$DIR/other"
	run -0 "$PRIVTMP" wrap --dry-run --guard "" --guard /srv/x --share "" "$DIR/other"
	assert_line --partial " run --guard '' --guard '/srv/x' --share '' --argv0 "
	# Longer than a path, which a pattern may be: another one would share other files.
	pattern=/tmp/$(printf '[%06d]' {1..700})
	run -0 "$PRIVTMP" wrap --dry-run --share "$pattern" "$DIR/other"
	assert_line --partial " run --share '$pattern' --argv0 "
}

@test "a static program is wrapped, and comes in by mounts" {
	unshare --mount true 2>/dev/null || skip "needs a mount namespace"
	${CC:-cc} -static -o "$DIR/static" "$PRIVTMP_SOURCE/tests/progs/run_static.c" ||
		skip "the compiler makes no static programs here"
	run -0 "$PRIVTMP" wrap "$DIR/static"
	run -0 "$DIR/static" "/tmp/${DIR##*/}.wrapped"
	[[ ! -e /tmp/${DIR##*/}.wrapped ]]
	run -0 "$PRIVTMP" wrap --undo "$DIR/static"
}

@test "what cannot be wrapped is left as it is" {
	ln -s legacy "$DIR/link"
	run -1 "$PRIVTMP" wrap "$DIR/link"
	one_line "a link; wrap what it leads to: $LEGACY"
	run -1 "$PRIVTMP" wrap ls
	one_line "did you mean $(command -v ls)?"
	run -1 "$PRIVTMP" wrap "$DIR"
	one_line "no program"
	run -1 "$PRIVTMP" wrap "$DIR/none"
	one_line "No such file or directory"
	run -1 "$PRIVTMP" wrap --confine --scope process "$LEGACY"
	one_line "--confine: is for --scope tree alone; leave out one of the two"
	run -1 "$PRIVTMP" wrap --root "$DIR/none" "$LEGACY"
	one_line "$DIR/none: no private directory can be made here: No such file or directory (2); create it with mode 1777"
	run -1 "$PRIVTMP" wrap --root "$LEGACY" "$LEGACY"
	one_line "$LEGACY: no private directory can be made here: Not a directory (20); name a directory"
	run -1 "$PRIVTMP" wrap --undo "$LEGACY"
	one_line "not a script of privtmp wrap"
	if ${CC:-cc} -static -o "$DIR/static" "$PRIVTMP_SOURCE/tests/progs/run_static.c"; then
		run -1 "$PROGS/refuse" 1 unshare -- "$PRIVTMP" wrap "$DIR/static"
		one_line "statically linked"
	fi
	if [[ $(id -u) -eq 0 ]]; then
		cp "$LEGACY" "$DIR/suid"
		chown "$TEST_UID" "$DIR/suid"
		chmod 4755 "$DIR/suid"
		run -1 "$PRIVTMP" wrap "$DIR/suid"
		one_line "set-user-ID"
	fi
	run -0 "$PRIVTMP" wrap "$LEGACY"
	run -1 "$PRIVTMP" wrap "$LEGACY"
	one_line "wrapped already"
	cp "$(type -P true)" "$DIR/new"
	mv "$DIR/new" "$LEGACY" # as a package's update does
	run -1 "$PRIVTMP" wrap "$LEGACY"
	one_line "legacy.privtmp-real: is there already"
	run -1 "$PRIVTMP" wrap --undo "$LEGACY"
	one_line "it was replaced; remove the old program beside it"
	run -2 "$PRIVTMP" wrap
	one_line "no program given"
	[[ -z $(find "$DIR" -name '*-new') ]]
}

@test "there is a program at every moment of wrapping and undoing" {
	for _ in $(seq 10); do
		"$PRIVTMP" wrap "$LEGACY"
		"$PRIVTMP" wrap --undo "$LEGACY"
	done >/dev/null &
	while kill -0 $! 2>/dev/null; do
		[[ -x $LEGACY ]]
	done
	wait $!
}

@test "where an interpreter is missing, wrap and status say so, not of the script" {
	local command

	printf '#!/bin/sh\r\n' >"$DIR/script"
	chmod 755 "$DIR/script"
	for command in wrap status run; do
		run ! "$PRIVTMP" "$command" "$DIR/script"
		one_line "/bin/sh\x0d: cannot be run: No such file or directory (2); end the script's lines as Unix does"
	done
	printf '#!/nowhere/sh\n' >"$DIR/script"
	for command in wrap status run; do
		run ! "$PRIVTMP" "$command" "$DIR/script"
		one_line "/nowhere/sh: cannot be run: No such file or directory (2); check the first line of the script"
	done
	run -1 "$PRIVTMP" wrap ''
	one_line "'': cannot be found: No such file or directory (2); check its name"
}

@test "scripts can have privtmp run for their interpreter, or before it" {
	local line

	/usr/bin/env -S true 2>/dev/null || skip "env has no -S"
	for line in "" " --keep never" " --keep never --" " sh" " --scope=tree /bin/sh -u"; do
		printf '#!/usr/bin/env -S privtmp run%s\necho "$# $1 x" >/tmp/%s\ncat /tmp/%s\n' \
			"$line" "$NAME" "$NAME" >"$DIR/script"
		chmod 755 "$DIR/script"
		run -0 timeout 20 "$DIR/script" "an argument"
		assert_output "1 an argument x"
		[[ ! -e /tmp/$NAME ]]
		# As a command of run's, too.
		run -0 timeout 20 "$PRIVTMP" run -- "$DIR/script" "an argument"
		assert_output "1 an argument x"
		run -0 "$PRIVTMP" status "$DIR/script"
		assert_line "command $DIR/script: private if it is started as it is"
		assert_line "  shim     by privtmp run, in its first line"
		[[ ! -x $PRIVTMP_BUILD/tools/checker ]] || {
			run -0 "$PRIVTMP" check "$DIR/script"
			assert_line "$DIR/script: covered"
		}
	done
	assert_no_session
}

@test "a first line of which the kernel makes one word is answered with the right one" {
	printf '#!%s run perl\n' "$PRIVTMP" >"$DIR/script"
	chmod 755 "$DIR/script"
	run -125 "$DIR/script"
	one_line "run perl: one word, because the kernel passes the rest of a first line as one; write #!/usr/bin/env -S privtmp run perl as the script's first line"
	# That works.
	printf '#!/usr/bin/env -S privtmp run perl\nprint "private\\n" if !-e "/tmp/%s";' "$NAME" >"$DIR/script"
	touch "/tmp/$NAME"
	command -v perl >/dev/null || skip "needs perl"
	run -0 "$DIR/script"
	assert_output private
	rm "/tmp/$NAME"
}

@test "a script that is run by its name alone, as CGI is, is not looked for among the commands" {
	cd "$BATS_TEST_TMPDIR"
	# There is a command of that name.
	printf '#!%s run\nPATH=/usr/bin:/bin\necho "$0 $(ls -A /tmp; echo x >/tmp/x; ls -A /tmp)"\n' "$PRIVTMP" >./ls
	chmod 755 ls
	run -0 env PATH=: ls -l
	assert_output "./ls x"
	run -0 "$PRIVTMP" run ls
	assert_line ls
	refute_line "./ls x"
}

@test "wrap refuses what run would refuse, and what its scripts need" {
	[[ $(id -u) -eq 0 ]] || skip "needs root, for set-user-ID programs of its own"
	# Root itself gets no other rights by it; whoever else runs it does.
	chmod 4755 "$LEGACY"
	run -1 "$PRIVTMP" wrap "$LEGACY"
	one_line "set-user-ID, set-group-ID or with capabilities: a script would not have its rights"
	chmod 2755 "$LEGACY"
	run -1 "$PRIVTMP" wrap "$LEGACY"
	one_line "would not have its rights"
	chmod 755 "$LEGACY"
	if command -v setcap >/dev/null && setcap cap_net_raw+ep "$LEGACY"; then
		run -1 "$PRIVTMP" wrap "$LEGACY"
		one_line "would not have its rights"
		setcap -r "$LEGACY"
	fi
	run -1 "$PRIVTMP" wrap "$(readlink -f /bin/sh)"
	one_line "the launch script itself needs it"
	run -1 "$PRIVTMP" wrap "$PRIVTMP"
	one_line "the launch script itself needs it"
	cp "$LEGACY" "$DIR/other"
	run -2 "$PRIVTMP" wrap --scope root "$LEGACY"
	run -2 "$PRIVTMP" wrap --guard / "$LEGACY"
	one_line "is the root directory; name a directory in it"
	run -2 "$PRIVTMP" wrap --share $'/tmp/a\nb' "$LEGACY"
	one_line "has a control character in it"
	[[ -z $(find "$DIR" -name '*.privtmp-*') ]]
}

@test "wrap refuses libraries, objects and the programs of privtmp, which no script can replace" {
	local file

	cd "$DIR"
	echo 'int f(void) { return 0; } int main(void) { return f(); }' >x.c
	${CC:-cc} -c -o object.o x.c || skip "needs a compiler"
	${CC:-cc} -shared -fPIC -Wl,-soname,libx.so.1 -o soname x.c
	${CC:-cc} -shared -fPIC -o plugin.so x.c
	${CC:-cc} -o libc.so.6 x.c # a library that can be executed, too, as glibc's
	${CC:-cc} -o sorted.sort x.c
	chmod 755 object.o soname plugin.so
	for file in soname plugin.so libc.so.6; do
		run -1 "$PRIVTMP" wrap "$file"
		one_line "$file: a library: programs load it, and cannot load a script; wrap the programs"
	done
	run -1 "$PRIVTMP" wrap object.o
	one_line "object.o: no program that the kernel can execute"
	for file in "$REAPER" "$PRIVTMP_BUILD/tools/privtmp-door"; do
		run -1 "$PRIVTMP" wrap --dry-run "$file"
		one_line "the launch script itself needs it"
	done
	run -0 "$PRIVTMP" wrap --dry-run sorted.sort
	[[ -z $(find "$DIR" -name '*.privtmp-*') ]]
}

@test "wrap --dry-run says what would be done, and does nothing" {
	local before after

	before=$(ls -li "$DIR"; sha256sum "$LEGACY")
	run -0 "$PRIVTMP" wrap --dry-run --keep failure "$LEGACY"
	assert_line --index 0 "would move $LEGACY to $LEGACY.privtmp-real, and write:"
	assert_line --partial "exec '$PRIVTMP' run --keep=failure --argv0"
	after=$(ls -li "$DIR"; sha256sum "$LEGACY")
	assert_equal "$before" "$after"
	run -1 "$PRIVTMP" wrap --dry-run "$DIR/none"
	"$PRIVTMP" wrap "$LEGACY"
	before=$(ls -li "$DIR")
	run -0 "$PRIVTMP" wrap --undo --dry-run "$LEGACY"
	assert_output "would move $LEGACY.privtmp-real back to $LEGACY"
	assert_equal "$before" "$(ls -li "$DIR")"
}

# Not within "run", where a skip is only a status.
need_dpkg() {
	[[ $(id -u) -eq 0 ]] || skip "needs root, to install packages"
	command -v dpkg-divert >/dev/null || skip "needs dpkg"
}

# with_dpkg SCRIPT: run it where dpkg and /usr/bin are there to be written to.
with_dpkg() {
	unshare --mount --propagation private bash -ec '
		mount -t tmpfs -o mode=755 over /mnt
		for dir in /var/lib/dpkg /usr/bin; do
			mkdir -p /mnt$dir/up /mnt$dir/work
			mount -t overlay -o "lowerdir=$dir,upperdir=/mnt$dir/up,workdir=/mnt$dir/work" \
				over $dir || exit 99
		done
		mount -t tmpfs -o mode=1777 tmp /tmp
		eval "$1"' bash "$1"
}

# A package of one program, which says its version.
DPKG_PACKAGE='package() {
		mkdir -p /mnt/p/DEBIAN /mnt/p${2%/*}
		printf "Package: privtmp-test\nVersion: %s\nArchitecture: all\nMaintainer: x <x@x.example>\nDescription: x\n" \
			"$1" >/mnt/p/DEBIAN/control
		printf "#!/bin/bash\necho version %s; echo x >/tmp/x; ls -A /tmp\n" "$1" >/mnt/p$2
		chmod 755 /mnt/p$2
		dpkg-deb --root-owner-group -b /mnt/p /mnt/p-$1.deb >/dev/null
		dpkg -i /mnt/p-$1.deb >/dev/null 2>&1
	}
'

@test "a wrapped program of a Debian package stays wrapped over its upgrade" {
	need_dpkg
	run with_dpkg "$DPKG_PACKAGE"'
		package 1 /usr/bin/privtmp-legacy
		"$PRIVTMP" wrap --dry-run /usr/bin/privtmp-legacy
		dpkg-divert --list "*privtmp*"
		"$PRIVTMP" wrap /usr/bin/privtmp-legacy
		dpkg-divert --list "*privtmp*"
		privtmp-legacy
		package 2 /usr/bin/privtmp-legacy
		privtmp-legacy
		ls -A /tmp
		"$PRIVTMP" wrap --undo /usr/bin/privtmp-legacy
		dpkg-divert --list "*privtmp*"
		ls /usr/bin/privtmp-legacy*
		privtmp-legacy
		dpkg -V privtmp-test && echo verified'
	[[ $status -ne 99 ]] || skip "needs a mount namespace with overlays"
	assert_success
	assert_output --regexp "^would move /usr/bin/privtmp-legacy to .*
would have dpkg-divert lead upgrades of /usr/bin/privtmp-legacy there
wrapped /usr/bin/privtmp-legacy, which is /usr/bin/privtmp-legacy.privtmp-real now, upgrades by dpkg included
local diversion of /usr/bin/privtmp-legacy to /usr/bin/privtmp-legacy.privtmp-real
version 1
x
version 2
x
put /usr/bin/privtmp-legacy back
/usr/bin/privtmp-legacy
version 2
x
verified\$"
}

@test "a package that calls the file by its name in /bin is diverted by that" {
	[[ $(readlink -f /bin) == /usr/bin ]] || skip "/bin is no link here"
	need_dpkg
	run with_dpkg "$DPKG_PACKAGE"'
		package 1 /bin/privtmp-legacy
		"$PRIVTMP" wrap /usr/bin/privtmp-legacy
		package 2 /bin/privtmp-legacy
		privtmp-legacy
		ls -A /tmp
		"$PRIVTMP" wrap --undo /bin/privtmp-legacy
		dpkg-divert --list "*privtmp*"
		privtmp-legacy'
	[[ $status -ne 99 ]] || skip "needs a mount namespace with overlays"
	assert_success
	assert_output "wrapped /usr/bin/privtmp-legacy, which is /usr/bin/privtmp-legacy.privtmp-real now, upgrades by dpkg included
version 2
x
put /usr/bin/privtmp-legacy back
version 2
x"
}
