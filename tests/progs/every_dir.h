/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The directory DIR of tests/progs/every.c: what is made in it, and what is there.
 */
#ifndef EVERY_DIR_H
#define EVERY_DIR_H

enum { NAMES = 64 };

static const char *dir;

static const char *in(const char *name)
{
	static char path[PATH_MAX];

	snprintf(path, sizeof path, "%s/%s", dir, name);
	return path;
}

static void must(bool done, const char *what)
{
	if (done)
		return;
	perror(what);
	exit(2);
}

static void make_file(const char *name)
{
	int fd = open(in(name), O_CREAT | O_WRONLY | O_CLOEXEC, 0600);

	must(fd >= 0 && write(fd, "x", 1) == 1, name);
	close(fd);
}

/* What variables name: a zone nine hours from UTC (tzfile(5)), and ways to write dates. */
static void make_named(void)
{
	static const char zone[] = "TZif\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
				   "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1\0\0\0\4"
				   "\0\0\x7e\x90\0\0EVL";
	int fd = open(in("zone"), O_CREAT | O_WRONLY | O_CLOEXEC, 0600);

	must(fd >= 0 && write(fd, zone, sizeof zone) == sizeof zone, "zone");
	close(fd);
	fd = open(in("dates"), O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
	must(fd >= 0 && write(fd, "%H:%M\n", 6) == 6, "dates");
	close(fd);
}

static void make_all(void)
{
	must(mkdir(dir, 0700) == 0, dir);
	must(mkdir(in("dir"), 0700) == 0, "dir");
	must(mkdir(in("full"), 0700) == 0, "full");
	make_file("full/file");
	make_file("file");
	must(symlink("file", in("link")) == 0, "link");
	must(symlink("none-there", in("dangling")) == 0, "dangling");
	must(symlink("loop", in("loop")) == 0, "loop");
	must(symlink("/", in("out")) == 0, "out");
	make_named();
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The names in PATH, sorted; both are to be freed. */
static size_t list(const char *path, char *names[NAMES])
{
	DIR *stream = opendir(path);
	struct dirent *entry;
	size_t n = 0;

	/* A call may have taken all rights from it, which matter to who is not root. */
	if (!stream && errno == EACCES && chmod(path, 0700) == 0)
		stream = opendir(path);
	must(stream != NULL, path);
	while (n < NAMES && (entry = readdir(stream)))
		if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, ".."))
			names[n++] = strdup(entry->d_name);
	closedir(stream);
	qsort(names, n, sizeof *names, by_name);
	return n;
}

static void remove_all(const char *path)
{
	char *names[NAMES], inner[PATH_MAX];
	size_t n = list(path, names);

	for (size_t i = 0; i < n; i++) {
		snprintf(inner, sizeof inner, "%s/%s", path, names[i]);
		free(names[i]);
		if (unlink(inner) < 0)
			remove_all(inner);
	}
	must(rmdir(path) == 0, path);
}

/* Writes to OUT what is there: names, modes, sizes, and whether times are of 1970. */
static void describe(char *out, size_t size)
{
	char *names[NAMES], text[64];
	size_t n, len = 0;
	struct stat st;

	must(stat(dir, &st) == 0, dir);
	len += (size_t)snprintf(out, size, " %o", st.st_mode);
	n = list(dir, names);
	for (size_t i = 0; i < n && len < size; i++) {
		ssize_t link = readlink(in(names[i]), text, sizeof text);

		must(lstat(in(names[i]), &st) == 0, names[i]);
		len += (size_t)snprintf(out + len, size - len, " %.*s %o%s",
					(int)strcspn(names[i], "."), names[i], st.st_mode,
					st.st_mtime < 1000 ? " old" : "");
		if (link >= 0 && len < size)
			len += (size_t)snprintf(out + len, size - len, " %.*s", (int)link,
						text);
		else if (S_ISREG(st.st_mode) && len < size)
			len += (size_t)snprintf(out + len, size - len, " %ld x%ld",
						(long)st.st_size, (long)st.st_nlink);
		free(names[i]);
	}
}

#endif
