# SPDX-License-Identifier: LGPL-2.1-or-later
# Editors and what goes with them, with and without the shim: the same output and status,
# nothing in the shared /tmp during or after.

load ../common
load ../real/lib

@test "ed: its nameless buffer, and files in /tmp" {
	need ed diff
	real ed run bare
}

@test "vim: swap, undo and backup files, filters, recovery" {
	need vim
	real vim
}

@test "nvi, ex, arj, sed -i: predictable names and renamed files" {
	need nvi ex arj
	real editors
}

@test "patch, diff3, sdiff, rcs: work files" {
	need patch sdiff rcsdiff
	real patch
}

@test "man and groff: preprocessed pages, pictures, an index" {
	need man groff mandb
	real man
}
