/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Writes "ran" to the file that it is given, and sleeps for the number of
 * seconds that it is given. The tests make it static, 32-bit and the like.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	int fd;

	if (argc < 2)
		return 2;
	fd = open(argv[1], O_WRONLY | O_CREAT | O_TRUNC, 0644);
	if (fd < 0 || write(fd, "ran\n", 4) != 4)
		return 3;
	close(fd);
	if (argc > 2)
		sleep((unsigned)atoi(argv[2]));
	return 0;
}
