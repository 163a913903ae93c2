# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck disable=SC2030,SC2031 # bats: subshells
# The Debian packages, for amd64 and by a cross compiler for i386.

load ../common
load packages

setup_file() {
	local tool

	load ../common
	load packages
	CROSS=i686-linux-gnu-gcc-$(gcc -dumpversion | cut -d. -f1)
	export CROSS
	for tool in dpkg-buildpackage dh lintian "$CROSS" git; do
		command -v "$tool" >/dev/null || skip "needs $tool"
	done
	[[ $(dpkg --print-architecture) == amd64 ]] || skip "needs an amd64"
	repository "$BATS_FILE_TMPDIR/repository"
	package amd64 gcc parallel=1 &
	# The packages of the tests would have to be there for i386.
	package i386 "$CROSS" 'parallel=1 nocheck' -d
	wait "$!"
	install_all
}

# package ARCHITECTURE CC OPTIONS [ARG]...: build the packages, as a maintainer would.
package() {
	local dir=$BATS_FILE_TMPDIR/$1 arch=$1 cc=$2 options=$3

	shift 3
	mkdir "$dir"
	outside git clone --quiet "$BATS_FILE_TMPDIR/repository" "$dir/privtmp"
	(
		cd "$dir/privtmp" || exit
		outside CC="$cc" DEB_BUILD_OPTIONS="$options" \
			dpkg-buildpackage -us -uc -b -a"$arch" "$@"
	) >"$dir/log" 2>&1 || {
		cat "$dir/log"
		return 1
	}
}

# Let dpkg unpack and configure them in a directory of their own, all together.
install_all() {
	ROOT=$BATS_FILE_TMPDIR/root
	mkdir -p "$ROOT"/var/lib/dpkg/{info,updates,triggers}
	: >"$ROOT/var/lib/dpkg/status"
	printf '%s\n' amd64 i386 >"$ROOT/var/lib/dpkg/arch"
	outside dpkg --root="$ROOT" --force-depends --force-script-chrootless \
		--force-not-root -i "$BATS_FILE_TMPDIR"/{amd64,i386}/libprivtmp_*.deb \
		"$BATS_FILE_TMPDIR"/amd64/privtmp_*.deb >"$ROOT/log" 2>&1 || {
		cat "$ROOT/log"
		return 1
	}
}

setup() {
	ROOT=$BATS_FILE_TMPDIR/root
	AMD64=$ROOT/usr/lib/x86_64-linux-gnu/libprivtmp.so
	I386=$ROOT/usr/lib/i386-linux-gnu/libprivtmp.so
}

# machine COMMAND [ARG]...: run COMMAND on this machine as it would be with the
# packages installed. That ld.so looks into i386's directory of libraries is
# libc6:i386's doing. (So is what ld.so takes $LIB for, as "privtmp run" has it:
# tests/fresh-root tries that with the real thing.)
machine() {
	# shellcheck disable=SC2016 # expanded by the inner shell
	unshare --mount --propagation private sh -c '
		root=$1
		shift
		mount -t overlay -o "ro,lowerdir=$root/usr:/usr" packages /usr &&
		printf "%s\n" "include /etc/ld.so.conf" /usr/lib/i386-linux-gnu >"$root/ld.so.conf" &&
		/sbin/ldconfig -X -f "$root/ld.so.conf" -C "$root/ld.so.cache" &&
		mount --bind "$root/ld.so.cache" /etc/ld.so.cache || exit 99
		exec "$@"' sh "$ROOT" "$@"
}

need_machine() {
	[[ $(id -u) -eq 0 ]] || skip "needs root, to mount"
	machine true || skip "needs a mount namespace and overlays"
}

# program_i386 NAME: build this program of the tests for i386, and PROBE, which
# does nothing.
program_i386() {
	PROBE=$BATS_TEST_TMPDIR/probe
	echo 'int main(void) { return 0; }' | "$CROSS" -x c - -o "$PROBE"
	"$PRIVTMP_SOURCE/tests/emulate" i386 "$PROBE" true ||
		skip "i386 programs cannot be executed here"
	"$CROSS" -D_GNU_SOURCE -o "$BATS_TEST_TMPDIR/$1" "$PRIVTMP_SOURCE/tests/progs/$1.c"
}

# both COMMAND [ARG]...: run COMMAND on this machine as above, and where programs of
# both architectures can be executed.
both() {
	machine "$PRIVTMP_SOURCE/tests/emulate" i386 "$PROBE" "$@"
}

@test "the changelog has the version that configure.ac has" {
	run -0 dpkg-parsechangelog -l "$PRIVTMP_SOURCE/debian/changelog" -S Version
	assert_output "$(version)"
}

@test "the build runs its short test" {
	run -0 cat "$BATS_FILE_TMPDIR/amd64/log"
	assert_output --regexp '# PASS: +[1-9]'
	assert_output --regexp '# FAIL: +0'
	run -0 cat "$BATS_FILE_TMPDIR/i386/log"
	refute_output --partial '# PASS:'
}

@test "lintian has nothing to say" {
	for arch in amd64 i386; do
		run -0 outside lintian --allow-root --fail-on error,warning,info --info \
			"$BATS_FILE_TMPDIR/$arch"/privtmp_*.changes
	done
}

@test "dpkg installs the libraries of both architectures side by side" {
	# shellcheck disable=SC2016 # dpkg-query's
	run -0 dpkg-query --admindir="$ROOT/var/lib/dpkg" -W -f '${Package}:${Architecture} ${db:Status-Status}\n'
	assert_output "libprivtmp:amd64 installed
libprivtmp:i386 installed
privtmp:amd64 installed"
	run -0 readelf -h "$AMD64"
	assert_output --partial ELF64
	run -0 readelf -h "$I386"
	assert_output --partial ELF32
}

@test "the flags of the distribution change nothing of what the library exports and needs" {
	same_interface "$AMD64"
}

@test "installed, the library and the launcher keep a command's files private" {
	need_machine
	run -0 machine sh "$PRIVTMP_SOURCE/debian/tests/installed"
	assert_output "private, and gone"
}

@test "one LD_PRELOAD serves the programs of both architectures" {
	need_machine
	program_i386 smoke
	run -0 both "$BATS_TEST_TMPDIR/smoke" /tmp/smoke
	[[ -e /tmp/smoke ]]
	rm /tmp/smoke
	for smoke in "$BATS_TEST_TMPDIR/smoke" "$PROGS/smoke"; do
		run -0 --separate-stderr both env LD_PRELOAD=libprivtmp.so "$smoke" /tmp/smoke
		[[ ! -e /tmp/smoke ]]
		# shellcheck disable=SC2154 # bats sets it
		assert_equal "$stderr" ""
		assert_no_session
	done
}

@test "the helper of the one architecture removes what a killed program of the other leaves" {
	need_machine
	program_i386 life_die
	run -137 both env LD_PRELOAD=libprivtmp.so "$BATS_TEST_TMPDIR/life_die" SIGKILL
	assert_no_session
}
