# SPDX-License-Identifier: LGPL-2.1-or-later
# How what the build makes is installed.

load ../common

@test "make install puts each file where it belongs, make uninstall removes all" {
	local dest

	[[ -x $(command -v make) ]] || skip "needs make"
	dest=$BATS_TEST_TMPDIR/dest
	# Neither the outer make's job slots nor its DESTDIR are for this one.
	run -0 env -u MAKEFLAGS -u MAKELEVEL make -s -C "$PRIVTMP_BUILD" \
		install DESTDIR="$dest" prefix=/usr libdir=/usr/lib libexecdir=/usr/libexec
	[[ -x $dest/usr/bin/privtmp ]]
	[[ -f $dest/usr/lib/libprivtmp.so ]]
	[[ -x $dest/usr/libexec/privtmp/reaper ]]
	[[ -x $dest/usr/libexec/privtmp/privtmp-door ]]
	grep -q "userns," "$dest/usr/share/privtmp/apparmor/privtmp-door"
	[[ ! -e $dest/usr/lib/libprivtmp.la ]]
	[[ -f $dest/usr/share/man/man1/privtmp.1 ]]
	[[ -f $dest/usr/share/man/man5/privtmp.conf.5 ]]
	[[ -f $dest/usr/share/bash-completion/completions/privtmp ]]
	[[ -f $dest/usr/share/zsh/site-functions/_privtmp ]]
	[[ -f $dest/usr/share/privtmp/privtmp-report.schema.json ]]
	[[ -f $dest/usr/share/fish/vendor_completions.d/privtmp.fish ]]
	run -0 env -u MAKEFLAGS -u MAKELEVEL make -s -C "$PRIVTMP_BUILD" \
		uninstall DESTDIR="$dest" prefix=/usr libdir=/usr/lib libexecdir=/usr/libexec
	run -0 find "$dest" ! -type d
	assert_output ""
}
