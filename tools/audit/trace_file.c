/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The trace's file; see trace_file.h. */
#include "trace_file.h"
#include "core/report.h"
#include "core/signals.h"
#include "core/sys.h"
#include "place.h"
#include "../remedy.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* Directories that all users share: those that the shim guards, and those of others. */
static const char *const shared[] = { "/tmp",	   "/var/tmp",	"/dev/shm", "/dev/mqueue",
				      "/run/lock", "/var/lock", "/usr/tmp", NULL };

static void watch_directory(struct trace_header *header, const char *dir)
{
	for (unsigned i = 0; i < header->watched; i++)
		if (!strcmp(header->watch[i], dir))
			return;
	if (header->watched < TRACE_WATCHED && strlen(dir) < TRACE_DIR)
		strcpy(header->watch[header->watched++], dir);
}

/* Initializes the header. */
static void begin(struct trace_header *header, const char *const *watch)
{
	header->magic = TRACE_MAGIC;
	header->version = TRACE_VERSION;
	header->size = TRACE_SIZE;
	header->images = header->records = 1; /* 0 is none */
	header->text = 8;
	for (size_t i = 0; shared[i]; i++)
		watch_directory(header, shared[i]);
	for (; watch && *watch; watch++)
		watch_directory(header, *watch);
}

/*
 * Reserves the blocks: a write to a page without one would kill the program. So would a
 * limit of the size of files, which is to be an error instead. 0 or an errno.
 */
static int reserve(int fd)
{
	const struct signals limit = signals_of(SIGXFSZ, SIGXFSZ);
	struct signals before;
	int error;

	signals_block(&limit, &before);
	error = posix_fallocate(fd, 0, TRACE_SIZE);
	if (error == EFBIG)
		signals_drop(SIGXFSZ);
	signals_restore(&before);
	return error;
}

static int make_file(struct trace_file *file, const char *const *watch)
{
	int fd = open(file->path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW,
		      0600);
	int error;

	if (fd < 0)
		return -errno;
	error = reserve(fd);
	if (!error) {
		file->at =
			mmap(NULL, TRACE_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
		if (file->at == MAP_FAILED) {
			error = errno;
			file->at = NULL;
		}
	}
	close(fd);
	if (error) {
		unlink(file->path);
		return -error;
	}
	begin((struct trace_header *)(void *)file->at, watch);
	return 0;
}

int trace_make(struct trace_file *file, const char *path, const char *const *watch)
{
	int ret;

	memset(file, 0, sizeof *file);
	if (path) {
		snprintf(file->path, sizeof file->path, "%s", path);
		return make_file(file, watch);
	}
	if (!place_make(file->directory, &file->lock))
		return -errno;
	snprintf(file->path, sizeof file->path, "%.4000s/trace", file->directory);
	ret = make_file(file, watch);
	if (ret < 0)
		trace_remove(file);
	return ret;
}

static char *memory(void)
{
	void *at = mmap(NULL, TRACE_SIZE, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return at == MAP_FAILED ? NULL : at;
}

bool trace_settle(struct trace_file *file)
{
	char *copy = memory();

	if (!copy)
		return false;
	memcpy(copy, file->at, TRACE_SIZE);
	munmap(file->at, TRACE_SIZE);
	file->at = copy;
	return true;
}

/* Reads all of FD; false where it is shorter. */
static bool read_all(int fd, char *to)
{
	for (size_t have = 0; have < TRACE_SIZE;) {
		ssize_t n = read(fd, to + have, TRACE_SIZE - have);

		if (n <= 0)
			return false;
		have += (size_t)n;
	}
	return true;
}

bool trace_read(struct trace_file *file, const char *path)
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	bool whole = false;

	memset(file, 0, sizeof *file);
	if (fd < 0) {
		report(path, "cannot be read", errno, remedy_of(errno));
		return false;
	}
	/* Not mapped: who may write to it could make it shorter while it is read. */
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
	    st.st_size == (off_t)TRACE_SIZE) {
		file->at = memory();
		whole = file->at && read_all(fd, file->at);
	}
	close(fd);
	if (whole && trace_header_of(file)->magic == TRACE_MAGIC &&
	    trace_header_of(file)->version == TRACE_VERSION)
		return true;
	report(path, "is no trace of this version of privtmp", 0,
	       "name one that privtmp audit --trace has made");
	return false;
}

void trace_unlink(struct trace_file *file)
{
	if (!file->directory[0])
		return;
	unlink(file->path);
	rmdir(file->directory);
	if (file->lock >= 0)
		close(file->lock);
	file->directory[0] = '\0';
}

void trace_remove(struct trace_file *file)
{
	if (file->at)
		munmap(file->at, TRACE_SIZE);
	file->at = NULL;
	trace_unlink(file);
}

const struct trace_header *trace_header_of(const struct trace_file *file)
{
	return (const struct trace_header *)(const void *)file->at;
}

static unsigned least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

unsigned trace_images(const struct trace_file *file)
{
	return least(trace_header_of(file)->images, TRACE_IMAGES);
}

unsigned trace_records(const struct trace_file *file)
{
	return least(trace_header_of(file)->records, TRACE_RECORDS);
}

unsigned trace_modules(const struct trace_file *file)
{
	return least(trace_header_of(file)->modules, TRACE_MODULES);
}

const struct trace_image *trace_image_at(const struct trace_file *file, unsigned n)
{
	const struct trace_image *image =
		(const struct trace_image *)(const void *)(file->at + TRACE_AT_IMAGES) +
		n;

	return n && n < trace_images(file) && image->ready ? image : NULL;
}

const struct trace_record *trace_record_at(const struct trace_file *file, unsigned n)
{
	const struct trace_record *record =
		(const struct trace_record *)(const void *)(file->at + TRACE_AT_RECORDS) +
		n;

	return n && n < trace_records(file) && record->ready ? record : NULL;
}

const struct trace_module *trace_module_at(const struct trace_file *file, unsigned n)
{
	const struct trace_module *module =
		(const struct trace_module *)(const void *)(file->at + TRACE_AT_MODULES) +
		n;

	return n < trace_modules(file) && module->ready ? module : NULL;
}

char *trace_string_of(const struct trace_file *file, trace_string string)
{
	const char *at = file->at + TRACE_AT_TEXT + string;
	uint32_t len;

	if (!string || string > TRACE_TEXT - TRACE_STRING - 16)
		return NULL;
	memcpy(&len, at + 8, sizeof len);
	if (len >= TRACE_STRING)
		return NULL;
	return strndup(at + 12, len);
}
