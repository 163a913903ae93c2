/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A preloaded library that does nothing: what a library costs by being one. */
int empty_object(void) __attribute__((visibility("default")));

int empty_object(void)
{
	return 0;
}
