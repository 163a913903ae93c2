// SPDX-License-Identifier: LGPL-2.1-or-later
// A link was planted, and truncate follows it.
//
// before: umask 077; echo data >target; ln -s "$PWD/target" /tmp/pc-link
// want: followed-link /tmp/pc-link

#include <unistd.h>

int main(void)
{
	return truncate("/tmp/pc-link", 0) != 0;
}
