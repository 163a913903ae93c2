# SPDX-License-Identifier: LGPL-2.1-or-later
# What packages' scripts say before a removal, and what they are made of. The packages
# themselves are long/debian.bats' and long/packages.bats'.
#
# shellcheck disable=SC2016,SC2030,SC2031,SC2034 # expanded in there; each test is a subshell

load common
load run

LEFT=$PRIVTMP_SOURCE/packaging/left-behind

setup() {
	NAME=privtmp-left-$$-$RANDOM
	STRANGE='' # nothing for teardown to end
	not_nested_sanitizer
}

@test "before a removal it is said what would be left without the library" {
	with_library '
		mkdir -p /etc/systemd/system/other.service.d
		printf "[Service]\nExecStart=/bin/true\n" >/etc/systemd/system/legacy.service
		"$PRIVTMP" unit --install legacy >/dev/null
		echo "[Service]" >/etc/systemd/system/other.service.d/privtmp.conf
		mount -t tmpfs -o mode=755 bin /usr/games
		cp /bin/true /usr/games/legacy
		"$PRIVTMP" wrap /usr/games/legacy >/dev/null
		echo "/usr/\$LIB/libprivtmp.so" >/etc/ld.so.preload
		sh "$2" 2>&1; echo "status $?"
		: >/etc/ld.so.preload
		rm -r /etc/systemd/system/legacy.service.d
		"$PRIVTMP" wrap --undo /usr/games/legacy >/dev/null
		echo "# nothing"; sh "$2"' "$LEFT"
	assert_line "privtmp is removed, but /etc/ld.so.preload names it: each program will complain; take the line out"
	assert_line "privtmp is removed, but /etc/systemd/system/legacy.service.d/privtmp.conf names it: legacy.service will run unprotected; remove that file"
	assert_line "privtmp is removed, but /usr/games/legacy is wrapped by it and will not run; put it back by: mv /usr/games/legacy.privtmp-real /usr/games/legacy"
	refute_output --partial other.service
	assert_line "status 0"
	assert_equal "${lines[-1]}" "# nothing"
}

@test "the remedy for a package's program undoes the diversion, wherever it lies" {
	local bin=$BATS_TEST_TMPDIR/bin dir

	dir=$(scratch)
	mkdir "$bin"
	cp /bin/true "$dir/legacy.privtmp-real"
	# A stand-in for what a Debian system has.
	printf '#!/bin/sh\necho "diversion of /bin/sh to /bin/sh.distrib by dash"
		echo "local diversion of %s to %s.privtmp-real"\n' "$dir/legacy"{,} >"$bin/dpkg-divert"
	chmod 755 "$bin/dpkg-divert"
	PATH=$bin:$PATH run -0 sh "$LEFT"
	assert_output "privtmp is removed, but $dir/legacy is wrapped by it and will not run; put it back by: mv $dir/legacy.privtmp-real $dir/legacy && dpkg-divert --no-rename --remove $dir/legacy"
}

@test "each package's script for a removal runs that, and for an upgrade does not" {
	local bin=$BATS_TEST_TMPDIR/bin script

	# With a stand-in for what is installed.
	sed "s,/usr/share/privtmp/left-behind,$bin/left-behind,g" \
		"$PRIVTMP_SOURCE/debian/privtmp.prerm" >"$BATS_TEST_TMPDIR/prerm"
	mkdir "$bin"
	printf '#!/bin/sh\necho asked\n' >"$bin/left-behind"
	chmod 755 "$bin/left-behind"
	run -0 sh "$BATS_TEST_TMPDIR/prerm" remove
	assert_output asked
	run -0 sh "$BATS_TEST_TMPDIR/prerm" upgrade 2
	assert_output ""
	grep -A3 '^%preun$' "$PRIVTMP_SOURCE/packaging/privtmp.spec.in" | grep -q left-behind
	for script in privtmp.install privtmp.pre-deinstall; do
		sh -n "$PRIVTMP_SOURCE/packaging/$script"
		grep -q left-behind "$PRIVTMP_SOURCE/packaging/$script"
	done
	grep -q '^install=.*pre-deinstall' "$PRIVTMP_SOURCE/packaging/APKBUILD.in"
	[[ -x $LEFT ]]
}

@test "what autopkgtest runs of an attack works here, with what was built" {
	local dir

	[[ $(id -u) -eq 0 ]] || skip "needs root, to be another user"
	dir=$(scratch)
	mkdir "$dir/bin"
	ln -s "$PRIVTMP" "$dir/bin/privtmp"
	with_library 'PATH=$2/bin:$PATH AUTOPKGTEST_TMP=$2 sh "$3" 2>&1' \
		"$dir" "$PRIVTMP_SOURCE/debian/tests/attack"
	assert_line "not followed"
}

@test "the abstraction for AppArmor, and the other systems' files, can be read" {
	run -0 bash -n "$PRIVTMP_BUILD/packaging/PKGBUILD"
	grep -q "^pkgver=$("$PRIVTMP" --version | cut -d ' ' -f 2)\$" "$PRIVTMP_BUILD/packaging/PKGBUILD"
	if command -v apparmor_parser >/dev/null; then
		{
			echo 'include <tunables/global>'
			echo '/usr/bin/legacy {'
			cat "$PRIVTMP_SOURCE/packaging/apparmor"
			echo '}'
		} >"$BATS_TEST_TMPDIR/profile"
		run -0 apparmor_parser --skip-kernel-load --skip-cache "$BATS_TEST_TMPDIR/profile"
	fi
	if command -v nix-instantiate >/dev/null; then
		run -0 nix-instantiate --parse "$PRIVTMP_SOURCE/packaging/default.nix"
	fi
}
