/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Lists a directory in each way that libc has, and says where they differ:
 * listing DIRECTORY. The names go to standard output, sorted, one a line.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { NAMES = 256, SIZE = 65536 };

static int compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* A list under way. */
static char *names[NAMES];
static size_t count;

static void add(const char *name)
{
	if (strcmp(name, ".") && strcmp(name, "..") && count < NAMES)
		names[count++] = strdup(name);
}

/* Ends the list: sorted, as one text. */
static char *finish(void)
{
	static char text[SIZE];
	size_t n = 0;

	qsort(names, count, sizeof *names, compare);
	text[0] = '\0';
	for (size_t i = 0; i < count; i++) {
		n += (size_t)snprintf(text + n, sizeof text - n, "%s\n", names[i]);
		free(names[i]);
	}
	count = 0;
	return text;
}

static char first[SIZE];

static void check(const char *way)
{
	const char *text = finish();

	if (strcmp(text, first) != 0)
		printf("%s differs:\n%s", way, text);
}

static void read_on(DIR *dir)
{
	struct dirent *entry;

	while (errno = 0, (entry = readdir(dir)))
		add(entry->d_name);
	if (errno || readdir(dir))
		puts("the end is no end");
}

#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

static void by_readdir_r(const char *path)
{
	DIR *dir = opendir(path);
	struct dirent entry, *result;

	while (dir && readdir_r(dir, &entry, &result) == 0 && result)
		add(result->d_name);
	closedir(dir);
	check("readdir_r");
}

/* Goes back to each place, and finds the same from there. */
static void by_telldir(const char *path)
{
	DIR *dir = opendir(path);
	char *seen[NAMES];
	long places[NAMES];
	size_t n = 0;
	struct dirent *entry;

	for (; n < NAMES; n++) {
		places[n] = telldir(dir);
		entry = readdir(dir);
		if (!entry)
			break;
		seen[n] = strdup(entry->d_name);
	}
	for (size_t i = n; i-- > 0;) {
		seekdir(dir, places[i]);
		entry = readdir(dir);
		if (!entry || strcmp(entry->d_name, seen[i]) != 0)
			printf("seekdir to %s finds %s\n", seen[i],
			       entry ? entry->d_name : "nothing");
	}
	seekdir(dir, places[n]);
	if (readdir(dir))
		puts("seekdir to the end finds more");
	rewinddir(dir);
	read_on(dir);
	check("rewinddir");
	closedir(dir);
}

static int all(const struct dirent *entry)
{
	return entry->d_name[0] != '\0';
}

static void by_scandir(const char *path)
{
	struct dirent **list;
	int n = scandir(path, &list, all, alphasort);

	for (int i = 0; i < n; i++) {
		if (i && strcmp(list[i - 1]->d_name, list[i]->d_name) > 0)
			puts("scandir does not sort");
		add(list[i]->d_name);
		free(list[i]);
	}
	free(list);
	check("scandir");
}

#ifdef __GLIBC__
/* By the names that programs of large files have. */
static void by_64(const char *path)
{
	DIR *dir = opendir(path);
	struct dirent64 *next, entry, *result, **list;
	int n;

	while (dir && (next = readdir64(dir)))
		add(next->d_name);
	check("readdir64");
	rewinddir(dir);
	while (dir && readdir64_r(dir, &entry, &result) == 0 && result)
		add(result->d_name);
	closedir(dir);
	check("readdir64_r");
	n = scandir64(path, &list, NULL, alphasort64);
	for (int i = 0; i < n; i++) {
		if (i && strcmp(list[i - 1]->d_name, list[i]->d_name) > 0)
			puts("scandir64 does not sort");
		add(list[i]->d_name);
		free(list[i]);
	}
	free(list);
	check("scandir64");
}

static int none(const struct dirent64 *entry)
{
	return !entry->d_name[0];
}

/* PATH from its parent on, and from itself on. */
static void by_scandirat(const char *path)
{
	const char *base = strrchr(path, '/') + 1;
	int own = open(path, O_RDONLY | O_DIRECTORY), above = openat(own, "..", O_PATH);
	struct dirent64 **list64;
	struct dirent **list;
	int n = scandirat(above, base, &list, NULL, NULL);

	for (int i = 0; i < n; i++) {
		add(list[i]->d_name);
		free(list[i]);
	}
	free(list);
	check("scandirat");
	n = scandirat64(own, ".", &list64, NULL, NULL);
	for (int i = 0; i < n; i++) {
		add(list64[i]->d_name);
		free(list64[i]);
	}
	free(list64);
	check("scandirat64");
	if (scandirat64(own, ".", &list64, none, NULL) != 0)
		puts("scandirat64 finds what is not asked for");
	free(list64);
	if (scandirat(-1, base, &list, NULL, NULL) != -1 || errno != EBADF ||
	    scandirat64(own, "no/such", &list64, NULL, NULL) != -1 || errno != ENOENT)
		puts("scandirat finds what is not there");
	close(own);
	close(above);
}
#endif

static void by_fts(char *path)
{
	char *paths[] = { path, NULL };
	FTS *fts = fts_open(paths, FTS_PHYSICAL, NULL);
	FTSENT *entry;

	while (fts && (entry = fts_read(fts)))
		if (entry->fts_level == 1 && entry->fts_info != FTS_DP) {
			if (entry->fts_info == FTS_NS)
				printf("fts cannot stat %s\n", entry->fts_name);
			add(entry->fts_name);
		}
	fts_close(fts);
	check("fts");
}

static void by_glob(const char *path)
{
	char pattern[4096];
	glob_t found;

	snprintf(pattern, sizeof pattern, "%s/*", path);
	if (glob(pattern, GLOB_PERIOD, NULL, &found) == 0) {
		for (size_t i = 0; i < found.gl_pathc; i++)
			add(strrchr(found.gl_pathv[i], '/') + 1);
		globfree(&found);
	}
	check("glob");
}

int main(int argc, char **argv)
{
	DIR *dir = argc > 1 ? opendir(argv[1]) : NULL, *other;
	int fd;

	if (!dir)
		return 1;
	read_on(dir);
	closedir(dir);
	strcpy(first, finish());
	fputs(first, stdout);
	by_readdir_r(argv[1]);
	by_telldir(argv[1]);
	by_scandir(argv[1]);
#ifdef __GLIBC__
	by_64(argv[1]);
	by_scandirat(argv[1]);
#endif
	by_glob(argv[1]);
	by_fts(argv[1]);
	fd = open(argv[1], O_RDONLY | O_DIRECTORY);
	other = fdopendir(fd);
	read_on(other);
	closedir(other);
	check("fdopendir");
	if (chdir(argv[1]) < 0)
		return 1;
	dir = opendir(".");
	read_on(dir);
	closedir(dir);
	check("the working directory");
	by_scandir(".");
	return 0;
}
