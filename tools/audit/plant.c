/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Planted files; see plant.h. */
#include "plant.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

const struct plant plants[] = {
	{ "link", PLANT_LINK }, { "dangling", PLANT_DANGLING },	  { "file", PLANT_FILE },
	{ "fifo", PLANT_FIFO }, { "directory", PLANT_DIRECTORY }, { NULL, 0 },
};

static const char bait[] = "bait\n";

const struct plant *plant_named(const char *name, size_t len)
{
	for (const struct plant *plant = plants; plant->name; plant++)
		if (strlen(plant->name) == len && !memcmp(plant->name, name, len))
			return plant;
	return NULL;
}

/* The file that a link of KIND leads to. */
static const char *bait_of(const struct trace_file *trace, enum plant_kind kind,
			   char out[PATH_MAX])
{
	snprintf(out, PATH_MAX, "%.4000s/%s", trace->directory,
		 kind == PLANT_LINK ? "there" : "made");
	return out;
}

static bool make_file(const char *path, mode_t mode)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	bool made;

	if (fd < 0)
		return false;
	made = write(fd, bait, sizeof bait - 1) == sizeof bait - 1 &&
	       fchmod(fd, mode) == 0;
	close(fd);
	return made;
}

void plant_bait(const struct trace_file *trace)
{
	char path[PATH_MAX];

	make_file(bait_of(trace, PLANT_LINK, path), 0600);
}

bool plant_bitten(const struct trace_file *trace, enum plant_kind kind)
{
	char path[PATH_MAX], text[sizeof bait] = "";
	struct stat st;
	ssize_t n;
	int fd;

	if (kind == PLANT_DANGLING)
		return lstat(bait_of(trace, kind, path), &st) == 0;
	fd = open(bait_of(trace, kind, path), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0)
		return true; /* it was closed, or is gone */
	n = read(fd, text, sizeof text);
	if (fstat(fd, &st) < 0)
		st.st_mode = 0;
	close(fd);
	return n != sizeof bait - 1 || memcmp(text, bait, sizeof bait - 1) != 0 ||
	       (st.st_mode & 07777) != 0600;
}

void plant_clear(const struct trace_file *trace)
{
	char path[PATH_MAX];

	unlink(bait_of(trace, PLANT_LINK, path));
	unlink(bait_of(trace, PLANT_DANGLING, path));
}

bool plant_put(const struct plant *plant, const char *path,
	       const struct trace_file *trace)
{
	char to[PATH_MAX];

	switch (plant->kind) {
	case PLANT_LINK:
	case PLANT_DANGLING: return symlink(bait_of(trace, plant->kind, to), path) == 0;
	case PLANT_FILE: return make_file(path, 0666);
	case PLANT_FIFO: return mkfifo(path, 0600) == 0 && chmod(path, 0666) == 0;
	case PLANT_DIRECTORY: return mkdir(path, 0700) == 0 && chmod(path, 0777) == 0;
	}
	return false;
}
