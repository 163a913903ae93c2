# SPDX-License-Identifier: LGPL-2.1-or-later
# The attack matrix once more, where the kernel, too, keeps the victim out of the shared
# directories: no attack gains by that, and no victim is refused what it could have. That
# each attack works without the shim is attacks.bats's to say.

load ../common
load matrix

@test "no attack on a confined victim succeeds, or leaves anything" {
	[[ -z ${PRIVTMP_SANITIZER:-} ]] || skip "no stage under the sanitizers"
	output=$("$PRIVTMP" run --confine true 2>&1) || skip "no Landlock here: $output"
	matrix_holds --confine
}
