// SPDX-License-Identifier: LGPL-2.1-or-later
// A template with too few X.
//
// want: insecure-name-api /tmp/pc-*

#include <stdlib.h>
#include <unistd.h>

int main(void)
{
	char name[] = "/tmp/pc-XXX";

	return mkstemp(name) >= 0 && unlink(name) != 0;
}
