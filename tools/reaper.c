/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The reaper: waits until the session whose root is its argument has no member
 * left, and removes it. Started by the shim (shim/reaper_start.c); takes the
 * place of the handlers that a killed process cannot run.
 */
#include "reap.h"

extern const char privtmp_tool;
const char privtmp_tool __attribute__((used, visibility("default"))) = 1;

int main(int argc, char **argv)
{
	return argc == 2 ? reap(argv[1]) < 0 : 2;
}
