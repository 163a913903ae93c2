/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A program that does nothing, for the mount door; see run. */
int main(void)
{
	return 0;
}
