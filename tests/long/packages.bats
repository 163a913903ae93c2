# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck disable=SC2030,SC2031 # bats: subshells
# The tarball, and the packages that others than Debian make from it.

load ../common
load packages

setup_file() {
	load ../common
	load packages
	repository "$BATS_FILE_TMPDIR/repository"
	# shellcheck disable=SC2016 # expanded by the inner shell
	tarball one 'umask 022 && cd one && autoreconf -fi && ./configure && make dist'
}

# tarball DIR COMMANDS: what COMMANDS make in a fresh checkout in DIR.
tarball() {
	(
		cd "$BATS_FILE_TMPDIR" || exit
		outside git clone --quiet repository "$1" && outside sh -c "$2"
	) >"$BATS_FILE_TMPDIR/log" 2>&1 || {
		cat "$BATS_FILE_TMPDIR/log"
		return 1
	}
}

setup() {
	NAME=privtmp-$(version)
	TARBALL=$BATS_FILE_TMPDIR/one/$NAME.tar.xz
}

# contents TARBALL: a line for each file, with its checksum.
contents() {
	TZ=UTC0 tar --full-time -tvf "$1"
	# shellcheck disable=SC2016 # the inner shell's
	tar -xf "$1" --to-command='echo "$TAR_FILENAME $(sha256sum)"'
}

@test "the tarball has each file of the repository, and all are of the commit's time" {
	local files=$BATS_TEST_TMPDIR/files

	tar -tf "$TARBALL" | sed "s,^$NAME/,," | sort >"$files"
	# A tarball has no history.
	run -0 comm -23 <(git -C "$BATS_FILE_TMPDIR/repository" ls-files |
		grep -vE '(^|/)\.gitignore$' | sort) "$files"
	assert_output ""
	run -1 grep -vE '^[^ ]{10} 0/0 +[0-9]+ 2009-02-13 23:31:30 ' \
		<(TZ=UTC0 tar --full-time -tvf "$TARBALL")
}

@test "another checkout, elsewhere and later, with other settings, makes the same tarball" {
	tarball other/place/two 'umask 077 && export TZ=Asia/Tokyo && cd other/place/two &&
		find . -path ./.git -prune -o -type f -exec touch -d "2020-02-02" {} + &&
		autoreconf -fi && mkdir ../build && cd ../build && ../two/configure && make dist'
	diff <(contents "$TARBALL") <(contents "$BATS_FILE_TMPDIR/other/place/build/$NAME.tar.xz")
	run -0 cmp "$TARBALL" "$BATS_FILE_TMPDIR/other/place/build/$NAME.tar.xz"
	run -0 cmp "${TARBALL%.xz}.gz" "$BATS_FILE_TMPDIR/other/place/build/$NAME.tar.gz"
}

# Fedora's flags as far as another distribution's compiler takes them.
FLAGS='-O2 -flto=auto -ffat-lto-objects -fexceptions -g -Wall -Wp,-D_FORTIFY_SOURCE=2
	-fstack-protector-strong -fasynchronous-unwind-tables -fstack-clash-protection'

@test "rpmbuild makes packages of the tarball, whatever the distribution's flags" {
	local top=$BATS_TEST_TMPDIR/rpm root=$BATS_TEST_TMPDIR/root

	command -v rpmbuild >/dev/null || skip "needs rpmbuild"
	# Where it is not the system's own, rpm knows of no package that is needed.
	run -0 outside rpmbuild -tb --nodeps --define "_topdir $top" \
		--define "optflags ${FLAGS//[$'\n\t']/ }" --define "_dbpath $top/db" "$TARBALL"
	run -0 find "$top/RPMS" -name '*.rpm' ! -name '*debug*' -printf '%f\n'
	assert_equal "${#lines[@]}" 2
	mkdir "$root"
	for package in "$top"/RPMS/*/{privtmp,libprivtmp}-[0-9]*.rpm; do
		rpm2cpio "$package" | (cd "$root" && cpio -idm --quiet)
	done
	[[ -x $root/usr/bin/privtmp && -x $root/usr/libexec/privtmp/reaper ]]
	same_interface "$(find "$root" -name libprivtmp.so)"
	run -0 env LD_PRELOAD="$(find "$root" -name libprivtmp.so)" "$PROGS/smoke" /tmp/rpm
	[[ ! -e /tmp/rpm ]]
	assert_no_session
}

# What abuild does, in short: the functions of APKBUILD in its order.
abuild() { # DIR CC
	cd "$1" || return
	cat >abuild.sh <<'END'
set -e
. "$1/packaging/APKBUILD"
pkgdir=$1/pkg/$pkgname
subpkgdir=$1/pkg/libprivtmp
amove() {
	for path in "$@"; do
		mkdir -p "$subpkgdir/${path%/*}"
		mv "$pkgdir/$path" "$subpkgdir/$path"
	done
}
[ -n "$pkgver$pkgrel$pkgdesc$url$arch$license$source" ]
build
package
for subpackage in $subpackages; do
	case $subpackage in
	*:*) "${subpackage#*:}" ;;
	esac
done
END
	outside CC="$2" CFLAGS="-Os -fstack-clash-protection -Wformat -Werror=format-security" \
		CBUILD="$(cc -dumpmachine)" CHOST="$(cc -dumpmachine)" MAKEFLAGS=-j2 \
		busybox sh abuild.sh "$1"
}

@test "the functions of the APKBUILD make and divide what Alpine installs" {
	local top=$BATS_TEST_TMPDIR/$NAME

	[[ -n $(command -v musl-gcc) && -n $(command -v busybox) ]] ||
		skip "needs musl-gcc and busybox"
	# Its configure runs what it compiles, and musl's ld.so may be missing.
	echo 'int main(void) { return 0; }' | musl-gcc -x c - -o "$BATS_TEST_TMPDIR/runs"
	"$BATS_TEST_TMPDIR/runs" 2>/dev/null || skip "nothing here runs what musl-gcc makes"
	tar -xf "$TARBALL" -C "$BATS_TEST_TMPDIR"
	run -0 shellcheck "$top/packaging/APKBUILD"
	run -0 abuild "$top" \
		"musl-gcc -idirafter /usr/include -idirafter /usr/include/$(cc -print-multiarch)"
	run -0 find "$top/pkg/libprivtmp" -type f -printf '%P\n'
	assert_equal "$(sort <<<"$output")" $'usr/lib/libprivtmp-audit.so\nusr/lib/libprivtmp.so'
	[[ -x $top/pkg/privtmp/usr/bin/privtmp && ! -e $top/pkg/privtmp/usr/lib/libprivtmp.so ]]
	run -0 readelf -dW "$top/pkg/libprivtmp/usr/lib/libprivtmp.so"
	assert_output --partial 'NEEDED'
	refute_output --partial 'libc.so.6'
	musl-gcc -o "$BATS_TEST_TMPDIR/smoke" "$PRIVTMP_SOURCE/tests/progs/smoke.c"
	run -0 env LD_PRELOAD="$top/pkg/libprivtmp/usr/lib/libprivtmp.so" \
		"$BATS_TEST_TMPDIR/smoke" /tmp/apk
	[[ ! -e /tmp/apk ]]
	assert_no_session
}
