/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The helper: waits until the session whose root is its descriptor 3, and whose lease
 * is 4, has no member left, and removes it. Started by shim/session/helper.c; takes the
 * place of the handlers that a killed process cannot run.
 */
#include "await_end.h"
#include "session/helper.h"
#include "mark.h"

int main(void)
{
	return await_end(HELPER_ROOT, HELPER_LEASE) < 0;
}
