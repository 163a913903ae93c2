// SPDX-License-Identifier: LGPL-2.1-or-later
// A library from where only root can write.
//
// want: none

#include <dlfcn.h>

int main(void)
{
	return !dlopen("libm.so.6", RTLD_NOW);
}
