// SPDX-License-Identifier: LGPL-2.1-or-later
// lchown is of the link itself.
//
// before: umask 077; echo data >target; ln -s "$PWD/target" /tmp/pc-link
// want: none

#include <unistd.h>

int main(void)
{
	return lchown("/tmp/pc-link", getuid(), getgid()) != 0;
}
