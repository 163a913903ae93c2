/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * smoke FILE: write FILE, read it back and find it by name. Says where it really
 * is, so that a test can tell whether the shim was there; needs nothing that
 * any libc lacks, for the smoke tests of other compilers.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void die(const char *what)
{
	perror(what);
	exit(1);
}

/* Whether the directory of PATH lists PATH's last component. */
static int listed(const char *path)
{
	const char *slash = strrchr(path, '/');
	char dir[4096];
	int found = 0;

	if (!slash || (size_t)(slash - path) >= sizeof dir)
		return 0;
	memcpy(dir, path, (size_t)(slash - path));
	dir[slash - path] = '\0';

	DIR *stream = opendir(dir);

	if (!stream)
		die("opendir");
	for (struct dirent *entry; (entry = readdir(stream));)
		found |= !strcmp(entry->d_name, slash + 1);
	closedir(stream);
	return found;
}

int main(int argc, char **argv)
{
	char line[32] = "";
	struct stat st;

	if (argc != 2)
		return 2;

	FILE *file = fopen(argv[1], "w");

	if (!file || fputs("smoke\n", file) < 0 || fclose(file))
		die("write");
	file = fopen(argv[1], "r");
	if (!file || !fgets(line, sizeof line, file) || fclose(file))
		die("read");
	if (strcmp(line, "smoke\n"))
		die("what was read");
	if (stat(argv[1], &st) || !S_ISREG(st.st_mode) || st.st_size != 6)
		die("stat");
	if (!listed(argv[1])) {
		fputs("not listed\n", stderr);
		return 1;
	}
	/* The number tells apart what the name does not. */
	printf("%llu\n", (unsigned long long)st.st_ino);
	return 0;
}
