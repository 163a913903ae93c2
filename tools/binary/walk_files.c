/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Walking directories; see walk_files.h. */
#include "walk_files.h"

#include <errno.h>
#include <ftw.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { DESCRIPTORS = 32 };

/* What a walk finds: nftw hands on no pointer of ours. */
struct found {
	dev_t device;
	ino_t inode;
	bool link;
	char *path;
};

static struct found *found;
static size_t n_found, room;

static void keep(const char *path, const struct stat *st, bool link)
{
	if (n_found == room) {
		size_t more = room ? 2 * room : 1024;
		struct found *list = realloc(found, more * sizeof *list);

		if (!list)
			return;
		found = list;
		room = more;
	}
	found[n_found] = (struct found){ st->st_dev, st->st_ino, link, strdup(path) };
	if (found[n_found].path)
		n_found++;
}

static int visit(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	struct stat target;

	(void)ftw;
	/* What cannot be listed is told of as what cannot be read. */
	if ((type == FTW_F && S_ISREG(st->st_mode)) || type == FTW_DNR)
		keep(path, st, false);
	else if (type == FTW_SL && stat(path, &target) == 0 && S_ISREG(target.st_mode))
		keep(path, &target, true);
	return 0;
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
static void drop_doubles(void)
{
	size_t to = 0;

	qsort(found, n_found, sizeof *found, by_file);
	for (size_t i = 0; i < n_found; i++)
		if (to && found[i].device == found[to - 1].device &&
		    found[i].inode == found[to - 1].inode)
			free(found[i].path);
		else
			found[to++] = found[i];
	n_found = to;
	qsort(found, n_found, sizeof *found, by_path);
}

static int add(struct files *files, char *path, bool named)
{
	struct file *list = realloc(files->file, (files->n + 1) * sizeof *list);

	if (!list || !path)
		return ENOMEM;
	files->file = list;
	list[files->n++] = (struct file){ path, named };
	return 0;
}

int files_add(struct files *files, const char *path)
{
	struct stat st;
	int error = 0;

	if (stat(path, &st) < 0)
		return errno;
	if (!S_ISDIR(st.st_mode))
		return add(files, strdup(path), true);
	files->walked = true;
	n_found = 0;
	if (nftw(path, visit, DESCRIPTORS, FTW_PHYS | FTW_MOUNT) < 0)
		return errno;
	if (n_found)
		drop_doubles();
	for (size_t i = 0; i < n_found && !error; i++)
		error = add(files, found[i].path, false);
	return error;
}
