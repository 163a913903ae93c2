/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Walking directories; see walk_files.h. */
#include "walk_files.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* A file, or a directory that is still to be searched. */
struct found {
	dev_t device;
	ino_t inode;
	bool link;
	int error;  /* as in struct file */
	char *path; /* NULL: there was no memory */
};

struct list {
	struct found *at;
	size_t n, room;
};

static bool keep(struct list *list, char *path, const struct stat *st, bool link,
		 int error)
{
	if (list->n == list->room) {
		size_t more = list->room ? 2 * list->room : 1024;
		struct found *at = realloc(list->at, more * sizeof *at);

		if (!at) {
			free(path);
			return false;
		}
		list->at = at;
		list->room = more;
	}
	list->at[list->n] = (struct found){ st->st_dev, st->st_ino, link, error, path };
	list->n += path != NULL;
	return path != NULL;
}

/* "DIR/NAME"; NULL: no memory. */
static char *join(const char *dir, const char *name)
{
	const size_t len = strlen(dir);
	char *path = malloc(len + strlen(name) + 2);

	if (!path)
		return NULL;
	strcpy(path, dir);
	if (!len || dir[len - 1] != '/')
		strcat(path, "/");
	return strcat(path, name);
}

/*
 * Adds the PATH to FILES or DIRS, if it is a file or a directory. On an overlay the files may
 * have other devices than their directory, which alone tells of a mount then.
 */
static bool visit(char *path, dev_t device, struct list *files, struct list *dirs)
{
	struct stat st = { 0 };
	bool link;

	if (!path)
		return false;
	if (lstat(path, &st) < 0) {
		if (errno != ENOENT)
			return keep(files, path, &st, false, errno);
	} else {
		link = S_ISLNK(st.st_mode);
		if (S_ISDIR(st.st_mode) && st.st_dev == device)
			return keep(dirs, path, &st, false, 0);
		if ((!link || stat(path, &st) == 0) && S_ISREG(st.st_mode))
			return keep(files, path, &st, link, 0);
	}
	free(path);
	return true;
}

/* Searches the directory TOP. False: no memory. */
static bool search(const struct found *top, struct list *files, struct list *dirs)
{
	DIR *dir = opendir(top->path);
	const struct stat st = { .st_dev = top->device, .st_ino = top->inode };
	const struct dirent *entry;
	bool good = true;
	int error;

	while (good && dir && (errno = 0, entry = readdir(dir)))
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			good = visit(join(top->path, entry->d_name), top->device, files,
				     dirs);
	error = errno;
	if (dir)
		closedir(dir);
	return good && error ? keep(files, strdup(top->path), &st, false, error) : good;
}

/* Finds all files below the directory PATH, whose status is ST. False: no memory. */
static bool walk(const char *path, const struct stat *st, struct list *files)
{
	struct list dirs = { 0 };
	bool good = keep(&dirs, strdup(path), st, false, 0);

	while (good && dirs.n) {
		const struct found dir = dirs.at[--dirs.n];

		good = search(&dir, files, &dirs);
		free(dir.path);
	}
	for (size_t i = 0; i < dirs.n; i++)
		free(dirs.at[i].path);
	free(dirs.at);
	return good;
}

/* The same file's names together, its own before a link's. */
static int by_file(const void *a, const void *b)
{
	const struct found *x = a, *y = b;

	if (x->device != y->device)
		return x->device < y->device ? -1 : 1;
	if (x->inode != y->inode)
		return x->inode < y->inode ? -1 : 1;
	if (x->link != y->link)
		return x->link ? 1 : -1;
	return strcmp(x->path, y->path);
}

static int by_path(const void *a, const void *b)
{
	return strcmp(((const struct found *)a)->path, ((const struct found *)b)->path);
}

/* Keeps the first name of each file. */
static void drop_doubles(struct list *files)
{
	struct found *found = files->at;
	size_t to = 0;

	qsort(found, files->n, sizeof *found, by_file);
	for (size_t i = 0; i < files->n; i++)
		if (to && !found[i].error && found[i].device == found[to - 1].device &&
		    found[i].inode == found[to - 1].inode)
			free(found[i].path);
		else
			found[to++] = found[i];
	files->n = to;
	qsort(found, to, sizeof *found, by_path);
}

static int add(struct files *files, char *path, bool named, int error)
{
	struct file *list = realloc(files->file, (files->n + 1) * sizeof *list);

	if (!list || !path)
		return ENOMEM;
	files->file = list;
	list[files->n++] = (struct file){ path, named, error };
	return 0;
}

int files_add(struct files *files, const char *path)
{
	struct list found = { 0 };
	struct stat st;
	int error = 0;

	if (stat(path, &st) < 0)
		return errno;
	if (!S_ISDIR(st.st_mode))
		return add(files, strdup(path), true, 0);
	files->walked = true;
	if (!walk(path, &st, &found))
		error = ENOMEM;
	if (found.n)
		drop_doubles(&found);
	for (size_t i = 0; i < found.n && !error; i++)
		error = add(files, found.at[i].path, false, found.at[i].error);
	free(found.at);
	return error;
}
