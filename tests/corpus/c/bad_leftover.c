// SPDX-License-Identifier: LGPL-2.1-or-later
// Nobody removes it.
//
// want: leftover /tmp/pc-*

#include <stdlib.h>

int main(void)
{
	char name[] = "/tmp/pc-XXXXXX";

	return mkstemp(name) < 0;
}
