/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The helper: waits until the session whose root is descriptor 3, and its lease
 * descriptor 4, has no member left, and removes it. Started by shim/session/helper.c,
 * for members that are killed before they can remove it.
 */
#include "await_end.h"
#include "session/helper.h"
#include "mark.h"

int main(int argc, char **argv)
{
	(void)argv;
	return await_end(HELPER_ROOT, HELPER_LEASE, argc == HELPER_FIRST) < 0;
}
