# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
#
# For the tests of packages: "load packages" behind "load ../common".

# outside COMMAND [ARG]...: without what make and bats have in the environment.
outside() {
	env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
		HOME="$BATS_FILE_TMPDIR" LC_ALL=C "$@" 3>&-
}

# repository DIR: a repository of its own with the files as they are now, whether
# they have been committed or not.
repository() {
	git -C "$PRIVTMP_SOURCE" rev-parse --git-dir >/dev/null 2>&1 ||
		skip "needs a git checkout"
	mkdir "$1"
	(
		cd "$PRIVTMP_SOURCE" || exit
		git ls-files -z --cached --others --exclude-standard |
			while IFS= read -r -d '' file; do
				[[ ! -e $file ]] || printf '%s\0' "$file"
			done | tar -cf - --null --files-from=-
	) | tar -xf - -C "$1"
	outside git -C "$1" init --quiet
	outside git -C "$1" add --all
	outside env GIT_COMMITTER_DATE='1234567890 +0000' git -C "$1" -c user.name=test \
		-c user.email=test@privtmp.example commit --quiet --message=test
}

# version: as configure.ac has it.
version() {
	sed -n 's/^AC_INIT(\[privtmp\], \[\(.*\)\])$/\1/p' "$PRIVTMP_SOURCE/configure.ac"
}

# exports LIBRARY: what it exports, and what it needs of others.
exports() {
	nm -D "$1" | sed 's/^[0-9a-f]* *//' | LC_ALL=C sort
}

# same_interface LIBRARY: as the library that the tests are about.
same_interface() {
	run -0 diff <(exports "$SHIM") <(exports "$1")
}
