// SPDX-License-Identifier: LGPL-2.1-or-later
// The program in the name. O_EXCL keeps others' files out, but not others from the name.
//
// want: predictable-name /tmp/bad_name_program*.lck

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	char name[64];
	int fd;

	snprintf(name, sizeof name, "/tmp/%s.lck", strrchr(argv[0], '/') + 1);
	fd = open(name, O_WRONLY | O_CREAT | O_EXCL, 0600);
	return fd < 0 || unlink(name) != 0;
}
