/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The file that a trace is written to (tools/audit/trace_file.c, place.c): where it is made, and
 * what is taken of one that anybody could have written. See direct.h.
 */
#include "../../tools/audit/trace_file.h"
#include "core/report.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/types.h>
#include <unistd.h>

/* What trace_file.c calls: memory that may be lacking, and files that end while they are read. */
static bool lacking;
static size_t readable = ~(size_t)0;
static char said[512];

static void *map_some(void *at, size_t size, int how, int flags, int fd, off_t offset)
{
	errno = ENOMEM;
	return lacking ? MAP_FAILED : mmap(at, size, how, flags, fd, offset);
}

static ssize_t read_some(int fd, void *to, size_t size)
{
	const size_t most = size < readable ? size : readable;
	const ssize_t n = read(fd, to, most);

	readable -= n > 0 ? (size_t)n : 0;
	return n;
}

static void tell(const char *path, const char *what, int error, const char *remedy)
{
	(void)what, (void)remedy;
	snprintf(said, sizeof said, "%s:%d", path, error);
}

#define mmap map_some
#define read read_some
#define report(path, what, error, remedy) tell(path, what, error, remedy)
#define make_file make_trace /* direct.h has another one */
#include "../../tools/audit/trace_file.c"
#include "../../tools/audit/place.c"
#undef mmap
#undef read
#undef report
#undef make_file

#include "direct.h"

#include <sys/resource.h>

const char *remedy_of(int error)
{
	(void)error;
	return NULL;
}

bool look_is_young(long long changed)
{
	return changed >= 1000;
}

/* -- Where it is made -- */

/* The directory that one is made in, and taken away from again; or the error. */
static const char *made_in(int *error)
{
	static char dir[PATH_MAX];
	struct trace_file file;

	*error = -trace_make(&file, NULL, NULL);
	strcpy(dir, file.directory);
	if (*error) {
		TEXT_IS("nothing", file.directory, "");
		TRUE(!file.at);
		return "";
	}
	TRUE(is_there(file.path));
	trace_remove(&file);
	FALSE(is_there(dir));
	TEXT_IS("removed", file.directory, "");
	/* Twice is no matter. */
	trace_remove(&file);
	*strrchr(dir, '/') = '\0';
	return dir;
}

static void own_directories(void)
{
	static char longest[PATH_MAX] = "/tmp/my";
	static const struct {
		const char *own;
		bool taken;
	} rows[] = { { "/tmp/my", true },    { "tmp/my", false },
		     { "/tmp/open", false }, { "/tmp/theirs", false },
		     { "/tmp/file", false }, { "/tmp/none", false },
		     { "/tmp/link", false }, { "", false },
		     { NULL, false },	     { longest, false } };
	int error;

	make_dir("/tmp/my", 0, 0700);
	make_dir("/tmp/open", 0, 0750);
	make_dir("/tmp/theirs", ME, 0700);
	make_file("/tmp/file", 0, 0600);
	make_link("my", "/tmp/link", 0);
	MUST(mount("shm", "/dev/shm", "tmpfs", 0, "mode=1777") == 0);
	while (strlen(longest) + 4 < PATH_MAX)
		strcat(longest, "/.");
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		unsetenv("XDG_RUNTIME_DIR");
		if (rows[i].own)
			setenv("XDG_RUNTIME_DIR", rows[i].own, 1);
		TEXT_IS(rows[i].own ? rows[i].own : "none", made_in(&error),
			rows[i].taken ? rows[i].own : "/dev/shm");
		IS(error, 0);
	}
	unsetenv("XDG_RUNTIME_DIR");
}

static void other_directories(void)
{
	static const char *const dirs[] = { "/dev/shm", "/var/tmp", "/tmp", "" };
	static const char *const shut[] = { "/dev/shm", "/var/tmp", "/tmp" };
	int error;

	/* Each where the one before it cannot be written to. */
	for (size_t i = 0; i < 4; i++) {
		if (i)
			MUST(mount("shut", shut[i - 1], "tmpfs", MS_RDONLY, NULL) == 0);
		TEXT_IS("made in", made_in(&error), dirs[i]);
		IS(error, i == 3 ? EROFS : 0);
	}
	for (size_t i = 0; i < 3; i++)
		MUST(umount2(shut[i], MNT_DETACH) == 0);
	/* Nothing is left where there is no memory for it. */
	lacking = true;
	TEXT_IS("lacking", made_in(&error), "");
	IS(error, ENOMEM);
	lacking = false;
}

static void limited(void)
{
	const struct rlimit limit = { 4096, 4096 };
	struct trace_file file;
	int error;

	MUST(setrlimit(RLIMIT_FSIZE, &limit) == 0);
	TEXT_IS("limit", made_in(&error), "");
	IS(error, EFBIG);
	IS(trace_make(&file, "/tmp/limited", NULL), -EFBIG);
	FALSE(is_there("/tmp/limited"));
}

static void named(void)
{
	static const char *const more[] = { "/tmp", "/more", "/more", NULL };
	static char longest[TRACE_DIR + 1];
	const char *many[TRACE_WATCHED + 2] = { longest };
	char names[TRACE_WATCHED][16];
	struct trace_file file;

	in_child(limited);
	IS(trace_make(&file, "/tmp/trace", more), 0);
	/* Those that all have, and these, each once. */
	IS(trace_header_of(&file)->watched, 8);
	TEXT_IS("last", trace_header_of(&file)->watch[7], "/more");
	IS(trace_images(&file), 1);
	IS(trace_records(&file), 1);
	/* A trace that is there is not written over, and one that was named stays. */
	trace_remove(&file);
	TRUE(is_there("/tmp/trace"));
	IS(trace_make(&file, "/tmp/trace", NULL), -EEXIST);
	IS(trace_make(&file, "/tmp/none/trace", NULL), -ENOENT);
	/* As many as there may be, and as long. */
	memset(longest, 'x', TRACE_DIR);
	for (int i = 0; i < TRACE_WATCHED; i++) {
		snprintf(names[i], sizeof *names, "/d%d", i);
		many[i + 1] = names[i];
	}
	IS(trace_make(&file, "/tmp/many", many), 0);
	IS(trace_header_of(&file)->watched, TRACE_WATCHED);
	TEXT_IS("behind", trace_header_of(&file)->watch[7], "/d0");
	trace_remove(&file);
}

/* -- What is read -- */

static void put_header(const char *path, off_t size, uint32_t magic, uint32_t version)
{
	const int fd = open(path, O_CREAT | O_WRONLY | O_TRUNC | O_CLOEXEC, 0600);
	struct trace_header header;

	memset(&header, 0, sizeof header);
	header.magic = magic;
	header.version = version;
	MUST(fd >= 0 && write(fd, &header, sizeof header) == sizeof header);
	MUST(ftruncate(fd, size) == 0 && close(fd) == 0);
}

static void files(void)
{
	static const struct {
		const char *path;
		off_t size;
		uint32_t magic, version;
		bool read;
	} rows[] = {
		{ "/tmp/good", TRACE_SIZE, TRACE_MAGIC, TRACE_VERSION, true },
		{ "/tmp/magic", TRACE_SIZE, TRACE_MAGIC + 1, TRACE_VERSION, false },
		{ "/tmp/version", TRACE_SIZE, TRACE_MAGIC, TRACE_VERSION + 1, false },
		{ "/tmp/short", TRACE_SIZE - 1, TRACE_MAGIC, TRACE_VERSION, false },
		{ "/tmp/long", TRACE_SIZE + 1, TRACE_MAGIC, TRACE_VERSION, false },
		{ "/tmp/empty", 0, TRACE_MAGIC, TRACE_VERSION, false },
	};
	struct trace_file file;
	char wanted[64];

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		put_header(rows[i].path, rows[i].size, rows[i].magic, rows[i].version);
		*said = '\0';
		IS(trace_read(&file, rows[i].path), rows[i].read);
		snprintf(wanted, sizeof wanted, "%s:0", rows[i].path);
		TEXT_IS(rows[i].path, said, rows[i].read ? "" : wanted);
		trace_remove(&file);
		TRUE(is_there(rows[i].path));
	}
	FALSE(trace_read(&file, "/tmp"));
	TEXT_IS("directory", said, "/tmp:0");
	FALSE(trace_read(&file, "/tmp/none"));
	TEXT_IS("none", said, "/tmp/none:2");
	/* One that gets shorter, and no memory for it. */
	readable = TRACE_SIZE - 1;
	FALSE(trace_read(&file, "/tmp/good"));
	TEXT_IS("shorter", said, "/tmp/good:0");
	trace_remove(&file);
	readable = ~(size_t)0;
	lacking = true;
	*said = '\0';
	FALSE(trace_read(&file, "/tmp/good"));
	TEXT_IS("lacking", said, "/tmp/good:0");
	lacking = false;
}

/* Puts an object into the trace, at a place that is a part of it. */
#define AT(file, type, place, n) (&((type *)(void *)((file)->at + (place)))[n])

static void parts(void)
{
	static char text[TRACE_STRING];
	struct trace_header *header;
	struct trace_file file;
	const char *was;
	char *string;
	uint32_t len;

	IS(trace_make(&file, "/tmp/parts", NULL), 0);
	header = (struct trace_header *)(void *)file.at;
	header->images = header->records = header->modules = 3;
	for (unsigned n = 0; n < 4; n++)
		for (unsigned ready = 0; ready < 2; ready++) {
			AT(&file, struct trace_image, TRACE_AT_IMAGES, n)->ready = ready;
			AT(&file, struct trace_record, TRACE_AT_RECORDS, n)->ready =
				ready;
			AT(&file, struct trace_module, TRACE_AT_MODULES, n)->ready =
				ready;
			/* 0 is none of these, and is a module. */
			IS(trace_image_at(&file, n) != NULL, ready && n && n < 3);
			IS(trace_record_at(&file, n) != NULL, ready && n && n < 3);
			IS(trace_module_at(&file, n) != NULL, ready && n < 3);
		}
	/* There are no more than there is room for, whatever it says. */
	header->images = header->records = header->modules = 0xffffffff;
	IS(trace_images(&file), TRACE_IMAGES);
	IS(trace_records(&file), TRACE_RECORDS);
	IS(trace_modules(&file), TRACE_MODULES);
	/* Texts that are as long as may be, and longer; and that begin too far behind. */
	memset(text, 'x', sizeof text - 1);
	for (len = TRACE_STRING - 1; len <= TRACE_STRING; len++) {
		memcpy(file.at + TRACE_AT_TEXT + 64 + 8, &len, sizeof len);
		memcpy(file.at + TRACE_AT_TEXT + 64 + 12, text, sizeof text);
		string = trace_string_of(&file, 64);
		TEXT_IS("string", string, len < TRACE_STRING ? text : NULL);
		free(string);
	}
	TRUE(!trace_string_of(&file, 0));
	TRUE(!trace_string_of(&file, TRACE_TEXT - TRACE_STRING - 15));
	string = trace_string_of(&file, TRACE_TEXT - TRACE_STRING - 16);
	TEXT_IS("last", string, "");
	free(string);
	/* What is settled is a copy: what others write to the file is not in it. */
	was = file.at;
	lacking = true;
	FALSE(trace_settle(&file));
	TRUE(file.at == was);
	lacking = false;
	TRUE(trace_settle(&file));
	put_header("/tmp/parts", TRACE_SIZE, 0, 0);
	IS(trace_header_of(&file)->magic, TRACE_MAGIC);
	trace_unlink(&file);
	TRUE(is_there("/tmp/parts"));
	trace_remove(&file);
}

int main(int argc, char **argv)
{
	static const struct direct_test tests[] = {
		{ "own", own_directories }, { "other", other_directories },
		{ "named", named },	    { "files", files },
		{ "parts", parts },	    { NULL, NULL },
	};

	return direct_main(tests, argc, argv);
}
