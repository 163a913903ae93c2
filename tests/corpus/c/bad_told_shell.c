// SPDX-License-Identifier: LGPL-2.1-or-later
// A name of tmpnam is told to a shell.
//
// want: insecure-name-api /tmp/*
// want: missing-exclusive /tmp/*
// want: outside-knowledge /tmp/*

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

int main(void)
{
	char name[L_tmpnam], command[100];

	umask(077);
	tmpnam(name);
	snprintf(command, sizeof command, "echo x >%s", name);
	return system(command) != 0 || unlink(name) != 0;
}
