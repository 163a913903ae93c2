// SPDX-License-Identifier: LGPL-2.1-or-later
// tmpnam, and then an open that takes what is there.
//
// want: insecure-name-api /tmp/*
// want: missing-exclusive /tmp/*

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

int main(void)
{
	char name[L_tmpnam];
	int fd;

	tmpnam(name);
	fd = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	if (fd < 0)
		return 1;
	close(fd);
	return unlink(name) != 0;
}
