# SPDX-License-Identifier: LGPL-2.1-or-later
# privtmp unit: what it writes for systemd, where, and what it says about
# PrivateTmp=. Without a systemd at work; the system's directories are an overlay in
# a mount namespace.
#
# shellcheck disable=SC2016,SC2030,SC2031,SC2034 # expanded in there; each test is a subshell

load common
load run

setup() {
	NAME=privtmp-unit-$$-$RANDOM
	STRANGE='' # nothing for teardown to end
	export HOME=$BATS_TEST_TMPDIR/home
	unset XDG_CONFIG_HOME
	UNITS=$HOME/.config/systemd/user
	mkdir -p "$UNITS"
}

# unit NAME <TEXT: one of the user's.
unit() {
	cat >"$UNITS/$1"
}

# system SCRIPT: run it as root with an /etc to write to.
system() {
	[[ $(id -u) -eq 0 ]] || skip "needs root, for an /etc of its own"
	unshare --mount --propagation private bash -c '
		mount -t tmpfs -o mode=755 over /mnt && mkdir /mnt/up /mnt/work &&
		mount -t overlay -o lowerdir=/etc,upperdir=/mnt/up,workdir=/mnt/work over /etc ||
			exit 99
		mkdir -p /etc/systemd/system
		eval "$1"' bash "$1"
}

need_systems() {
	system true 2>/dev/null || skip "needs a mount namespace with overlays"
}

@test "unit prints a drop-in with a comment on each line" {
	run -0 "$PRIVTMP" unit --user legacy
	assert_line "[Service]"
	assert_line "Environment=\"LD_PRELOAD=$SHIM\""
	assert_line "ExecStopPost=-$PRIVTMP sweep --own --timeout 20"
	run -0 "$PRIVTMP" unit --user --guard /srv/spool --share '/tmp/a b%"*' --root /srv/x \
		--scope process --keep always --onfail pass legacy.service
	assert_line 'Environment="PRIVTMP_GUARD=/srv/spool"'
	assert_line 'Environment="PRIVTMP_SHARE=/tmp/a b%%\"*"'
	assert_line 'Environment="PRIVTMP_ROOT=/srv/x"'
	assert_line 'Environment="PRIVTMP_SCOPE=process"'
	assert_line 'Environment="PRIVTMP_KEEP=always"'
	assert_line 'Environment="PRIVTMP_ONFAIL=pass"'
	# Each assignment comes behind a comment.
	awk '/=/ && !/^#/ && last !~ /^#/ { print; bad = 1 } { last = $0 } END { exit bad }' \
		<<<"$output"
}

@test "systemd finds nothing wrong with the drop-in" {
	command -v systemd-analyze >/dev/null || skip "needs systemd-analyze"
	need_systems
	run -0 system '
		printf "[Service]\nExecStart=/bin/true\n" >/etc/systemd/system/privtmp-test.service
		"$PRIVTMP" unit --install --share "/tmp/a b%*" --keep always privtmp-test || exit 1
		systemd-analyze verify privtmp-test.service 2>&1 | grep privtmp
		echo "Nonsense=yes" >>/etc/systemd/system/privtmp-test.service.d/privtmp.conf
		systemd-analyze verify privtmp-test.service 2>&1 | grep -c Nonsense'
	assert_line --index 0 "wrote /etc/systemd/system/privtmp-test.service.d/privtmp.conf"
	# What it complains about is what was put there, and nothing else.
	assert_equal "$(grep -vc '^#\|Nonsense' <<<"$output")" 3
	assert_line 1
}

@test "unit --install writes what unit prints, and --remove takes it away" {
	local file=$UNITS/legacy.service.d/privtmp.conf

	unit legacy.service <<<$'[Service]\nExecStart=/bin/true'
	run -0 "$PRIVTMP" unit --user --install legacy
	assert_line --index 0 "wrote $file"
	assert_line --index 1 \
		"now: systemctl --user daemon-reload && systemctl --user restart legacy.service"
	assert_line --index 2 --partial "# PrivateTmp= is not for every"
	diff "$file" <("$PRIVTMP" unit --user legacy)
	assert_equal "$(stat -c %a "$file")" 644
	run -0 "$PRIVTMP" unit --user --install --keep always legacy
	grep -q PRIVTMP_KEEP=always "$file"
	run -0 "$PRIVTMP" unit --user --remove legacy
	assert_line --index 0 "removed $file"
	[[ ! -e $UNITS/legacy.service.d ]]
	run -1 "$PRIVTMP" unit --user --remove legacy
	assert_output "privtmp: $file: is not there; there is nothing to remove"
	XDG_CONFIG_HOME=$HOME/config run -0 "$PRIVTMP" unit --user --force --install legacy
	[[ -e $HOME/config/systemd/user/legacy.service.d/privtmp.conf ]]
}

@test "root's unit --user writes nothing where another user could lead it elsewhere" {
	need_users
	local roots=$BATS_TEST_TMPDIR/roots

	unit legacy.service <<<$'[Service]\nExecStart=/bin/true'
	mkdir "$roots"
	mv "$HOME/.config/systemd" "$roots"
	rmdir "$HOME/.config"
	ln -s "$roots" "$HOME/.config"
	run -0 "$PRIVTMP" unit --user --install legacy
	[[ -e $roots/systemd/user/legacy.service.d/privtmp.conf ]]
	chown -h "$TEST_UID" "$HOME/.config"
	run -1 "$PRIVTMP" unit --user --install --keep always legacy
	one_line "another user can write there, or to what leads to it; run it as that user"
	! grep -q PRIVTMP_KEEP "$roots/systemd/user/legacy.service.d/privtmp.conf" || fail written
	run -1 "$PRIVTMP" unit --user --remove legacy
	one_line "run it as that user"
	rm "$HOME/.config"
	chown "$TEST_UID" "$HOME"
	run -1 "$PRIVTMP" unit --user --force --install legacy
	one_line "run it as that user"
	assert_equal "$(ls -A "$HOME")" ""
	run -0 "$PRIVTMP" unit --user --force legacy
}

@test "unit leaves another's drop-in of the same name alone" {
	unit legacy.service <<<$'[Service]\nExecStart=/bin/true'
	mkdir "$UNITS/legacy.service.d"
	echo "[Service]" >"$UNITS/legacy.service.d/privtmp.conf"
	run -1 "$PRIVTMP" unit --user --install legacy
	one_line "is somebody else's; move it away"
	run -1 "$PRIVTMP" unit --user --remove legacy
	one_line "is somebody else's; remove it by hand"
	assert_equal "$(cat "$UNITS/legacy.service.d/privtmp.conf")" "[Service]"
}

@test "unit installs for the system, too" {
	need_systems
	run -0 system 'echo "[Service]" >/etc/systemd/system/legacy@.service
		"$PRIVTMP" unit --install legacy@one || exit 1
		cat /etc/systemd/system/legacy@one.service.d/privtmp.conf || exit 1
		"$PRIVTMP" unit --remove legacy@one; ls /etc/systemd/system'
	assert_line "now: systemctl daemon-reload && systemctl restart legacy@one.service"
	assert_line "Environment=\"LD_PRELOAD=$SHIM\""
	refute_line "legacy@one.service.d"
}

@test "unit says when PrivateTmp=yes would do better, and when not" {
	local better="would do better: this is a system unit"

	need_systems
	run -0 "$PRIVTMP" unit legacy
	assert_output --partial "$better"
	run -0 "$PRIVTMP" unit --share /tmp/socket legacy
	assert_output --partial "would not do: it leaves no single path"
	run -0 "$PRIVTMP" unit --guard /srv/spool legacy
	assert_output --partial "would not do: it is for /tmp and /var/tmp"
	run -0 "$PRIVTMP" unit --scope process legacy
	assert_output --partial "would not do: it is one /tmp for the whole"
	run -0 "$PRIVTMP" unit --user legacy
	refute_output --partial "$better"
	assert_output --partial "not for every user's service manager"
	run -0 system 'printf "[Service]\nDynamicUser=yes\n" >/etc/systemd/system/legacy@.service
		"$PRIVTMP" unit legacy@one'
	assert_output --partial "The unit has PrivateTmp= already"
	run -0 system 'printf "[Service]\nPIDFile=/tmp/legacy.pid\n" >/etc/systemd/system/legacy.service
		"$PRIVTMP" unit legacy'
	assert_output --partial "would not do: systemd would not find the PIDFile= in it"
	run -0 system 'printf "[Service]\nPIDFile=/run/legacy.pid\n" >/etc/systemd/system/legacy.service
		"$PRIVTMP" unit legacy'
	assert_output --partial "$better"
	run -0 setpriv --bounding-set=-sys_admin --inh-caps=-sys_admin "$PRIVTMP" unit legacy
	assert_output --partial "would not do here: no mount namespace can"
}

@test "unit keeps what the unit preloads, and warns of what the shim cannot get into" {
	${CC:-cc} -static -o "$HOME/static" "$PRIVTMP_SOURCE/tests/progs/run_static.c" ||
		skip "the compiler makes no static programs here"
	unit legacy.service <<-END
		[Service]
		Environment=LD_PRELOAD=/lib/libother.so X=y
		ExecStart=-$HOME/static now
	END
	run -0 "$PRIVTMP" unit --user legacy
	assert_line "Environment=\"LD_PRELOAD=$SHIM:/lib/libother.so\""
	assert_line --partial "static: statically linked"
}

@test "unit names the library of the program's word size" {
	local dir

	[[ $(readelf -h "$SHIM") == *ELF64* ]] || skip "the shim is not a 64-bit one"
	[[ -d /usr/lib/x86_64-linux-gnu ]] || skip "one name can stand for both sizes here"
	[[ ! -e $(configured libdir)/libprivtmp.so ]] || skip "there is an installed one"
	dir=$(scratch)
	mkdir "$dir"/{bin,lib,lib32}
	cp "$PRIVTMP" "$dir/bin/privtmp"
	cp "$SHIM" "$dir/lib/"
	${CC:-cc} -m32 -shared -nostdlib -o "$dir/lib32/libprivtmp.so" -xc /dev/null &&
		${CC:-cc} -m32 -o "$dir/small" -xc - <<<'int main(void) { return 0; }' ||
		skip "needs a compiler with -m32"
	unit legacy.service <<<$'[Service]\nExecStart='"$dir/small"
	run -0 "$dir/bin/privtmp" unit --user legacy
	assert_line "Environment=\"LD_PRELOAD=$dir/lib32/libprivtmp.so\""
	# Without it the program is named, and the drop-in is for the others.
	rm "$dir/lib32/libprivtmp.so"
	run -0 "$dir/bin/privtmp" unit --user legacy
	assert_line --partial "small: a 32-bit program, and the shim is 64-bit"
	assert_line "Environment=\"LD_PRELOAD=$dir/lib/libprivtmp.so\""
}

# dropin DIRECTORY FILE TEXT
dropin() {
	mkdir -p "$1"
	printf '[Service]\n%b\n' "$3" >"$1/$2"
}

@test "unit heeds the unit's drop-ins, in systemd's order" {
	unit a-b@.service <<<$'[Service]\nExecStart=/bin/one\nPrivateTmp=yes'
	run -0 "$PRIVTMP" unit --user a-b@x
	assert_output --partial "has PrivateTmp= already"
	dropin "$UNITS/a-b@x.service.d" z.conf 'PrivateTmp=no'
	run -0 "$PRIVTMP" unit --user a-b@x
	refute_output --partial "has PrivateTmp= already"
	run -0 "$PRIVTMP" unit --user a-b@y
	assert_output --partial "has PrivateTmp= already"
	# What comes later counts, wherever it is; the more specific of two with one name.
	dropin "$UNITS/a-b@.service.d" l.conf 'Environment="X=y" \\\n  "LD_PRELOAD=/lib/1.so"'
	run -0 "$PRIVTMP" unit --user a-b@x
	assert_line "Environment=\"LD_PRELOAD=$SHIM:/lib/1.so\""
	dropin "$UNITS/a-.service.d" m.conf 'Environment=LD_PRELOAD=/lib/2.so'
	run -0 "$PRIVTMP" unit --user a-b@x
	assert_line "Environment=\"LD_PRELOAD=$SHIM:/lib/2.so\""
	dropin "$UNITS/service.d" m.conf 'Environment=LD_PRELOAD=/lib/3.so'
	run -0 "$PRIVTMP" unit --user a-b@x
	assert_line "Environment=\"LD_PRELOAD=$SHIM:/lib/2.so\""
	run -0 "$PRIVTMP" unit --user other
	assert_line "Environment=\"LD_PRELOAD=$SHIM:/lib/3.so\""
	dropin "$UNITS/a-b@x.service.d" n.conf 'Environment='
	run -0 "$PRIVTMP" unit --user a-b@x
	assert_line "Environment=\"LD_PRELOAD=$SHIM\""
	ln -sf /dev/null "$UNITS/a-b@x.service.d/n.conf"
	dropin "$UNITS/a-b@x.service.d" o.conf 'Environment=NOT_LD_PRELOAD=/lib/4.so'
	run -0 "$PRIVTMP" unit --user a-b@x
	assert_line "Environment=\"LD_PRELOAD=$SHIM:/lib/2.so\""
	# Its own is not one of those.
	"$PRIVTMP" unit --user --install a-b@x
	run -0 "$PRIVTMP" unit --user a-b@x
	assert_line "Environment=\"LD_PRELOAD=$SHIM:/lib/2.so\""
}

@test "unit warns of what wins over its LD_PRELOAD" {
	printf '# LD_PRELOAD=/lib/no.so\nX=LD_PRELOAD=y\n' >"$HOME/harmless"
	printf ' LD_PRELOAD=/lib/1.so\n' >"$HOME/environment"
	unit legacy.service <<-END
		[Service]
		EnvironmentFile=-$HOME/absent
		EnvironmentFile=$HOME/harmless
		ExecStart=/bin/true
	END
	run -0 "$PRIVTMP" unit --user legacy
	refute_output --partial "wins over"
	dropin "$UNITS/legacy.service.d" a.conf "EnvironmentFile=-$HOME/environment"
	dropin "$UNITS/legacy.service.d" z.conf "Environment=LD_PRELOAD=/lib/2.so"
	run -0 "$PRIVTMP" unit --user legacy
	assert_line --partial "$HOME/environment: its LD_PRELOAD wins over the drop-in's"
	assert_line --partial "$UNITS/legacy.service.d/z.conf: its LD_PRELOAD wins"
	dropin "$UNITS/legacy.service.d" b.conf "EnvironmentFile="
	mv "$UNITS/legacy.service.d/z.conf" "$UNITS/legacy.service.d/c.conf"
	run -0 "$PRIVTMP" unit --user legacy
	refute_output --partial "wins over"
	assert_line "Environment=\"LD_PRELOAD=$SHIM:/lib/2.so\""
}

@test "unit does not install where the unit keeps the shim from being loaded" {
	local line

	unit legacy.service <<<$'[Service]\nExecStart=/bin/true'
	for line in UnsetEnvironment=LD_PRELOAD 'UnsetEnvironment=X "LD_PRELOAD"'; do
		dropin "$UNITS/legacy.service.d" a.conf "$line"
		run -1 "$PRIVTMP" unit --user --install legacy
		one_line "legacy.service: its UnsetEnvironment= takes LD_PRELOAD from the service; take that out of it, or use PrivateTmp=yes"
	done
	for line in NoExecPaths=/ $'ExecPaths=/bin\nNoExecPaths=/etc /' "NoExecPaths=-$SHIM" \
		$'NoExecPaths=/\nExecPaths='"${SHIM%/*}"$'\nNoExecPaths='"$SHIM"; do
		dropin "$UNITS/legacy.service.d" a.conf "$line"
		run -1 "$PRIVTMP" unit --user --install legacy
		one_line "its NoExecPaths= keeps the shim from being loaded; name the shim in ExecPaths=, or use PrivateTmp=yes"
	done
	[[ ! -e $UNITS/legacy.service.d/privtmp.conf ]]
	for line in UnsetEnvironment=MY_LD_PRELOAD $'UnsetEnvironment=LD_PRELOAD\nUnsetEnvironment=' \
		NoExecPaths=/none $'NoExecPaths=/\nExecPaths='"${SHIM%/*}/" \
		$'NoExecPaths=/\nNoExecPaths='; do
		dropin "$UNITS/legacy.service.d" a.conf "$line"
		run -0 "$PRIVTMP" unit --user legacy
		refute_output --partial "privtmp: legacy.service: its"
	done
	dropin "$UNITS/legacy.service.d" a.conf NoExecPaths=/
	run -0 "$PRIVTMP" unit --user --install --force legacy
	[[ -e $UNITS/legacy.service.d/privtmp.conf ]]
}

@test "unit tells of a program that LD_PRELOAD does not reach, and of a root that is missing" {
	local dir line no="set-user-ID, set-group-ID or with capabilities: the shim is not loaded into it by LD_PRELOAD; name the shim in /etc/ld.so.preload"

	dir=$(scratch)
	cp "$(type -P true)" "$dir/plain"
	cp "$(type -P true)" "$dir/rights"
	chmod 4755 "$dir/rights"
	unit plain.service <<<$'[Service]\nExecStart='"$dir/plain"
	unit legacy.service <<<$'[Service]\nExecStart='"$dir/rights"
	# Of its own user it gets none.
	run -0 "$PRIVTMP" unit --user legacy
	refute_output --partial "set-user-ID"
	run -0 "$PRIVTMP" unit --user plain
	refute_output --partial "set-user-ID"
	run -0 "$PRIVTMP" unit --user --root "$dir/none" plain
	assert_line "privtmp: $dir/none: no private directory can be made here: No such file or directory (2); create it with mode 1777"
	run -0 "$PRIVTMP" unit --user --root "$dir" plain
	refute_output --partial "no private directory"
	need_systems
	export PROGRAM=$dir/rights
	cp "$(type -P true)" "$dir/group"
	chgrp 65534 "$dir/group"
	chmod 2755 "$dir/group"
	for line in User=nobody DynamicUser=yes User=root 'User=nobody\nUser=' '' group; do
		[[ $line != group ]] || PROGRAM=$dir/group line=
		export LINE=$line
		run -0 system 'printf "[Service]\nExecStart=$PROGRAM\n$LINE\n" >/etc/systemd/system/legacy.service
			"$PRIVTMP" unit legacy'
		if [[ $line == User=nobody || $PROGRAM == */group ]]; then
			assert_line "privtmp: $PROGRAM: $no"
		else
			refute_output --partial "privtmp: "
		fi
	done
}

@test "unit tells where the service could make no private directory" {
	local line no="legacy.service: it may not write to"

	unit legacy.service <<<$'[Service]\nExecStart=/bin/true'
	for line in ProtectSystem=strict ReadOnlyPaths=/tmp InaccessiblePaths=-/ \
		$'ProtectSystem=strict\nReadWritePaths=/srv /tmpfiles' \
		$'ReadWritePaths=/\nReadOnlyPaths=/tmp/'; do
		dropin "$UNITS/legacy.service.d" a.conf "$line"
		run -0 "$PRIVTMP" unit --user legacy
		assert_line "privtmp: $no /tmp: no private directory can be made; name /tmp and /var/tmp in ReadWritePaths=, or use PrivateTmp=yes"
	done
	dropin "$UNITS/legacy.service.d" a.conf ProtectSystem=strict
	run -0 "$PRIVTMP" unit --user --root /srv/roots legacy
	assert_line "privtmp: $no /srv/roots: no private directory can be made; name /srv/roots in ReadWritePaths=, or use PrivateTmp=yes"
	for line in ProtectSystem=full ReadOnlyPaths=/srv $'ProtectSystem=strict\nReadWritePaths=/tmp' \
		$'ProtectSystem=strict\nPrivateTmp=yes' $'ReadOnlyPaths=/\nReadWritePaths=/tmp /var/tmp'; do
		dropin "$UNITS/legacy.service.d" a.conf "$line"
		run -0 "$PRIVTMP" unit --user legacy
		refute_output --partial "$no"
	done
	# There the session is in a run-time directory of the unit's.
	dropin "$UNITS/legacy.service.d" a.conf ProtectSystem=strict
	run -0 "$PRIVTMP" unit --user --scope root legacy
	refute_output --partial "$no"
}

@test "unit leaves a PIDFile= in a guarded directory shared" {
	unit legacy@.service <<<$'[Service]\nType=forking\nPIDFile=/tmp/legacy-%i.pid'
	run -0 "$PRIVTMP" unit --user legacy@x
	assert_line 'Environment="PRIVTMP_SHARE=/tmp/legacy-%i.pid"'
	run -0 "$PRIVTMP" unit --user --share '/tmp/%n' legacy@x
	assert_line 'Environment="PRIVTMP_SHARE=/tmp/%%n:/tmp/legacy-%i.pid"'
	run -0 "$PRIVTMP" unit --user --guard '' --guard /srv legacy@x
	refute_output --partial PRIVTMP_SHARE
	dropin "$UNITS/legacy@.service.d" pid.conf 'PIDFile=/srv/legacy.pid'
	run -0 "$PRIVTMP" unit --user --guard /srv legacy@x
	assert_line 'Environment="PRIVTMP_SHARE=/srv/legacy.pid"'
	run -0 "$PRIVTMP" unit --user legacy@x
	refute_output --partial PRIVTMP_SHARE
}

@test "unit writes a path as systemd reads it, and doctor reads it so, too" {
	local odd=$BATS_TEST_TMPDIR/"it's%h\"x\\y\""

	mkdir -p "$odd/tools" "$odd/shim/.libs"
	cp "$PRIVTMP" "$REAPER" "$PRIVTMP_BUILD/tools/privtmp-door" "$odd/tools"
	cp "$SHIM" "$odd/shim/.libs"
	unit legacy.service <<<$'[Service]\nExecStart=/bin/true'
	run -0 --separate-stderr "$odd/tools/privtmp" unit --user --install legacy
	run -0 cat "$UNITS/legacy.service.d/privtmp.conf"
	assert_line "ExecStopPost=-\"$BATS_TEST_TMPDIR/it's%%h\\\"x\\\\y\\\"/tools/privtmp\" sweep --own --timeout 20"
	run -0 "$PRIVTMP" doctor --user
	refute_output --partial "it runs "
	rm "$odd/tools/privtmp"
	run -1 "$PRIVTMP" doctor --user
	assert_output --partial "it runs $odd/tools/privtmp, which is not there"
}

@test "unit --scope root has a runtime directory of the unit's own" {
	run -0 "$PRIVTMP" unit --user --scope root legacy@x
	assert_line 'RuntimeDirectory=%N.privtmp'
	assert_line 'Environment="PRIVTMP_ROOT=%t/%N.privtmp"'
	assert_line 'Environment="PRIVTMP_SCOPE=root"'
	run -2 "$PRIVTMP" unit --user --scope root --root /srv legacy@x
	assert_output --partial "--root: with --scope root it is the unit's own"
	unit legacy.service <<<$'[Service]\nType=forking'
	run -0 --separate-stderr "$PRIVTMP" unit --user legacy
	# shellcheck disable=SC2154 # bats sets it
	[[ $stderr == *"forks and has no PIDFile="*"use --scope root" ]]
	run -0 --separate-stderr "$PRIVTMP" unit --user --scope root legacy
	[[ -z $stderr ]]
}

@test "what is not the name of a service is none" {
	local name

	for name in '' ../x a/b .x 'a b' $'a\nb'; do
		run -2 "$PRIVTMP" unit "$name"
		assert_output --partial "not the name of a service; see privtmp unit --help"
	done
	run -2 "$PRIVTMP" unit
	one_line "name one unit"
	run -2 "$PRIVTMP" unit a b
	one_line "name one unit"
}

@test "the shell's own settings do not get into the drop-in" {
	run -0 env PRIVTMP_KEEP=always PRIVTMP_GUARD=/x "$PRIVTMP" unit --user legacy
	refute_line --regexp '^Environment=.*PRIVTMP_'
}

@test "unit does not install for a unit that is not there, unless forced" {
	run -1 "$PRIVTMP" unit --user --install typo
	one_line "typo.service: there is no such unit; check its name; --force is for one to come"
	[[ ! -e $UNITS/typo.service.d ]]
	run -0 --separate-stderr "$PRIVTMP" unit --user typo
	assert_line "[Service]"
	# shellcheck disable=SC2154 # bats sets it
	assert_equal "$stderr" "privtmp: typo.service: there is no such unit; check its name"
	run -0 "$PRIVTMP" unit --user --install --force typo
	[[ -e $UNITS/typo.service.d/privtmp.conf ]]
	# An instance is there when its template is.
	unit legacy@.service <<<$'[Service]\nExecStart=/bin/true'
	run -0 "$PRIVTMP" unit --user --install legacy@one
	run -0 "$PRIVTMP" unit --user --install legacy@
	assert_line "now: systemctl --user daemon-reload && systemctl --user restart 'legacy@*.service'"
	[[ -e $UNITS/legacy@.service.d/privtmp.conf ]]
}

@test "unit knows which service a socket, a timer or a path starts" {
	unit plain.socket <<<$'[Socket]\nListenStream=/run/x'
	unit plain.service <<<$'[Service]\nExecStart=/bin/true'
	unit named.socket <<<$'[Socket]\nListenStream=/run/x\nService=plain.service'
	unit each.socket <<<$'[Socket]\nListenStream=/run/x\nAccept=yes'
	unit each@.service <<<$'[Service]\nExecStart=/bin/true'
	unit daily.timer <<<$'[Timer]\nOnCalendar=daily\nUnit=plain.service'
	run -0 "$PRIVTMP" unit --user --install plain.socket
	assert_line --index 0 "privtmp: plain.socket: starts plain.service: this is for that"
	assert_line --index 1 "wrote $UNITS/plain.service.d/privtmp.conf"
	run -0 "$PRIVTMP" unit --user named.socket
	assert_line --index 0 "privtmp: named.socket: starts plain.service: this is for that"
	run -0 "$PRIVTMP" unit --user --install each.socket
	assert_line --index 1 "wrote $UNITS/each@.service.d/privtmp.conf"
	run -0 "$PRIVTMP" unit --user --remove daily.timer
	assert_line --index 1 "removed $UNITS/plain.service.d/privtmp.conf"
	run -2 "$PRIVTMP" unit --user --install multi-user.target
	one_line "multi-user.target: starts no program: name the service that does"
}

@test "unit warns of a RuntimeDirectoryMode= by which --scope root would be refused" {
	local mode

	for mode in 0775 1777 777; do
		unit legacy.service <<<$'[Service]\nExecStart=/bin/true\nRuntimeDirectoryMode='$mode
		run -0 --separate-stderr "$PRIVTMP" unit --user --scope root legacy
		[[ $stderr == *"RuntimeDirectoryMode="*"lets others write to the session's directory: it would be refused; set that to 0755"* ]]
		run -0 --separate-stderr "$PRIVTMP" unit --user legacy
		assert_equal "$stderr" ""
	done
	unit legacy.service <<<$'[Service]\nExecStart=/bin/true\nRuntimeDirectoryMode=0750'
	run -0 --separate-stderr "$PRIVTMP" unit --user --scope root legacy
	assert_equal "$stderr" ""
	# That is so: the shim refuses it.
	local dir
	dir=$(scratch)
	chmod 775 "$dir"
	not_nested_sanitizer
	run shimmed env PRIVTMP_SCOPE=root PRIVTMP_ROOT="$dir" sh -c 'echo x >/tmp/x'
	assert_output --partial "scope root has a name known beforehand"
}

@test "unit --dry-run says what would be written or removed, and does nothing" {
	unit legacy.service <<<$'[Service]\nExecStart=/bin/true'
	run -0 "$PRIVTMP" unit --user --install --dry-run legacy
	assert_line --index 0 "would write $UNITS/legacy.service.d/privtmp.conf:"
	assert_line "[Service]"
	[[ ! -e $UNITS/legacy.service.d ]]
	"$PRIVTMP" unit --user --install legacy >/dev/null
	run -0 "$PRIVTMP" unit --user --remove --dry-run legacy
	assert_output "would remove $UNITS/legacy.service.d/privtmp.conf"
	[[ -e $UNITS/legacy.service.d/privtmp.conf ]]
}

@test "unit says why it cannot write a drop-in, and leaves what is there" {
	local dropin=$UNITS/legacy.service.d/privtmp.conf

	unit legacy.service <<<$'[Service]\nExecStart=/bin/true'
	run -1 env -u HOME -u XDG_CONFIG_HOME "$PRIVTMP" unit --user --install legacy
	one_line "HOME: is not set, or no absolute path; set it to the user's directory"
	mkdir -p "$dropin.new"
	run -1 "$PRIVTMP" unit --user --install legacy
	one_line "$dropin.new: cannot be made: "
	rmdir "$dropin.new" "${dropin%/*}"
	# In the place of the directory.
	: >"${dropin%/*}"
	run -1 "$PRIVTMP" unit --user --install legacy
	one_line "${dropin%/*}: not a directory; move it away"
	rm "${dropin%/*}"
	mkdir -p "$dropin"
	run -1 "$PRIVTMP" unit --user --install legacy
	one_line "$dropin: "
	[[ -d $dropin && ! -e $dropin.new ]]
}

@test "unit says where it cannot write at all" {
	[[ $EUID -eq 0 ]] || skip "needs root, for mounts of its own"
	unshare --mount true || skip "needs a mount namespace"
	unit legacy.service <<<$'[Service]\nExecStart=/bin/true'
	# shellcheck disable=SC2016 # expanded by the inner shell
	run -1 unshare --mount sh -c 'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" &&
		"$@"' "$UNITS" "$PRIVTMP" unit --user --install legacy
	one_line "$UNITS/legacy.service.d: cannot be made: Read-only file system"
}

@test "unit does not install and remove at once" {
	run -2 "$PRIVTMP" unit --install --remove legacy
	assert_output "privtmp: --install: not together with --remove; see privtmp unit --help"
}

@test "unit refuses settings that no session of the library can have, and warns of an idle one" {
	local scope

	for scope in process root; do
		run -2 "$PRIVTMP" unit --user --confine --scope "$scope" legacy
		one_line "--confine: is for --scope tree alone; see privtmp unit --help"
	done
	run -0 --separate-stderr "$PRIVTMP" unit --user --keep failure legacy
	[[ $stderr == *"--keep failure: keeps nothing in a unit; use --keep always"* ]]
}

@test "unit writes no path that no policy can have, nor a line that is not its own" {
	local option

	for option in --guard --share --root; do
		run -2 "$PRIVTMP" unit --user --force "$option" $'/tmp/a\nExecStartPre=/bin/b' legacy
		one_line "has a control character in it; name another path"
	done
	for option in --guard --root; do
		run -2 "$PRIVTMP" unit --user --force "$option" /./ legacy
		one_line "$option /./: is the root directory; name a directory in it"
	done
}

@test "a unit with a root of its own has the shim there, or no drop-in" {
	local root

	root=$(scratch)
	unit legacy.service <<<$'[Service]\nExecStart=/bin/true\nRootDirectory='"$root"
	run -1 "$PRIVTMP" unit --user --install legacy
	one_line "legacy.service: the shim is not in its RootDirectory=$root; use PrivateTmp=yes"
	[[ ! -e $UNITS/legacy.service.d ]]
	run -0 --separate-stderr "$PRIVTMP" unit --user legacy
	assert_line "[Service]"
	# shellcheck disable=SC2154 # bats sets it
	[[ $stderr == *"is not in its RootDirectory="* ]]
	run -0 "$PRIVTMP" unit --user --install --force legacy
	run -1 "$PRIVTMP" doctor --user
	assert_line --partial "legacy.service.d/privtmp.conf: the shim is not in the unit's root $root"
	run -1 "$PRIVTMP" status --user legacy.service
	assert_line --partial "why      the shim is not in the unit's own root"
	mkdir -p "$root/${SHIM%/*}"
	cp "$SHIM" "$root/$SHIM"
	run -0 --separate-stderr "$PRIVTMP" unit --user --install legacy
	assert_equal "$stderr" ""
	run "$PRIVTMP" doctor --user
	refute_output --partial "the unit's root"
	run -0 "$PRIVTMP" status --user legacy.service
	# What is taken back does not count; and nobody looks into an image.
	unit legacy.service <<<$'[Service]\nExecStart=/bin/true\nRootDirectory=/none\nRootDirectory='
	run -0 --separate-stderr "$PRIVTMP" unit --user legacy
	assert_equal "$stderr" ""
	unit legacy.service <<<$'[Service]\nExecStart=/bin/true\nRootImage=/srv/image.raw'
	run -1 "$PRIVTMP" unit --user --install legacy
	one_line "is not known to be in its RootImage=/srv/image.raw"
	ln -sf /dev/null "$UNITS/masked.service"
	run -0 --separate-stderr "$PRIVTMP" unit --user masked
	[[ $stderr == *"masked.service: is masked, so that it does not start; systemctl unmask it" ]]
}
