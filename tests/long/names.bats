# SPDX-License-Identifier: LGPL-2.1-or-later
# How unlikely a name is to come twice; see ../names.bats.

load ../common

@test "of ten million names, drawn by threads of two processes, none comes twice" {
	run -0 shimmed "$PROGS/names" unique 10000000
	assert_output "0 of 10000000 drawn twice"
}
