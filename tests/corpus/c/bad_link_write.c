// SPDX-License-Identifier: LGPL-2.1-or-later
// A link was planted, and is written through.
//
// before: umask 077; echo data >target; ln -s "$PWD/target" /tmp/pc-link
// want: followed-link /tmp/pc-link
// want: missing-exclusive /tmp/pc-link
// want: predictable-name /tmp/pc-link

#include <fcntl.h>

int main(void)
{
	return open("/tmp/pc-link", O_WRONLY | O_CREAT | O_TRUNC, 0600) < 0;
}
