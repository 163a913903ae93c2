// SPDX-License-Identifier: LGPL-2.1-or-later
// A link was planted, and chmod follows it.
//
// before: umask 077; echo data >target; ln -s "$PWD/target" /tmp/pc-link
// want: followed-link /tmp/pc-link

#include <sys/stat.h>

int main(void)
{
	return chmod("/tmp/pc-link", 0400) != 0;
}
