/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The files decide what is protected, also in programs with more rights than their
 * caller. So a file that others than root can have written is an error. It is neither
 * believed nor ignored.
 */
#define _GNU_SOURCE
#include "policy/config.h"
#include "core/owner.h"
#include "core/sys.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>

#define REMEDY_UNREADABLE "let everybody read it"

struct reader {
	const struct config *config;
	struct config_place place;
	bool applies; /* whether the current section applies, or there is none */
	/*
	 * The executable's path, once it is looked up. LEN is -errno where it is
	 * unknown.
	 */
	const char *program;
	ssize_t len;
	/* Elements of each list, outside of sections and inside. */
	unsigned count[2][SETTING_LISTS];
};

static struct {
	char text[4096]; /* a part of a file, or directory entries */
	char program[PATH_MAX];
	char path[CONFIG_PATH]; /* of a file */
	/* The names in the directory, and their order. */
	char names[4096];
	const char *name[CONFIG_FILES];
} room;

static void hand_on(const struct reader *r, const struct config_line *line)
{
	r->config->sink(r->config->arg, &r->place, line);
}

static void wrong_line(const struct reader *r, const char *what, const char *remedy)
{
	hand_on(r, &(struct config_line){
			   .kind = CONFIG_WRONG, .what = what, .remedy = remedy });
}

/* What to do where a file cannot be read. */
static const char *remedy(int error)
{
	if (error == EACCES)
		return REMEDY_UNREADABLE;
	if (error == EMFILE || error == ENFILE)
		return "raise the limit of open files";
	if (error == EISDIR)
		return "name a file";
	return error == ENOENT ? "check its name" : "check what it is";
}

/* A mistake that has no line. */
static void wrong_file(struct reader *r, const char *what, int error, const char *remedy)
{
	r->place.line = 0;
	r->place.error = error;
	wrong_line(r, what, remedy);
	r->place.error = 0;
}

/* The path of this process's executable, as the kernel has it. */
static ssize_t find_executable(void)
{
	ssize_t n = sys_readlinkat(AT_FDCWD, "/proc/self/exe", room.program,
				   sizeof room.program);

	/* The file may have been replaced. */
	return n < 0 ? n : (ssize_t)text_without(room.program, (size_t)n, SYS_DELETED);
}

static bool section_applies(struct reader *r, const struct text *pattern)
{
	if (pattern->len == 1 && pattern->at[0] == '*')
		return true;
	if (r->config->every) {
		memset(r->count[1], 0, sizeof r->count[1]);
		return true;
	}
	if (r->config->program) {
		r->program = r->config->program;
		r->len = (ssize_t)strlen(r->program);
	} else if (!r->len) {
		r->program = room.program;
		r->len = find_executable();
	}
	if (r->len < 0) {
		/* It is unknown which sections apply. */
		r->place.error = (int)-r->len;
		wrong_line(r,
			   "a section, and this program's path cannot be "
			   "read from /proc/self/exe",
			   "mount /proc");
		r->place.error = 0;
		return false;
	}
	return policy_glob(pattern, r->program, (size_t)r->len);
}

/* Whether one more element fits, where the setting is a list. */
static bool has_room(struct reader *r, const struct config_line *line)
{
	const bool dirs = policy_settings[line->key].kind == KIND_DIRS;
	unsigned list = setting_list(line->key);
	unsigned *count;

	if (!setting_is_list(line->key))
		return true;
	count = &r->count[r->place.section][list];
	if (!line->value.len) {
		*count = 0;
		return true;
	}
	++*count;
	return r->count[0][list] + r->count[1][list] <=
	       (dirs ? CONFIG_GUARDS : CONFIG_SHARES);
}

static void hand_on_setting(struct reader *r, const struct config_line *line)
{
	if (!r->applies)
		return;
	if (has_room(r, line))
		hand_on(r, line);
	else
		wrong_line(r,
			   policy_settings[line->key].kind == KIND_DIRS ?
				   "one guarded directory too many" :
				   "one shared pattern too many",
			   "leave some out");
}

static void take_line(struct reader *r, const char *at, size_t len)
{
	struct config_line line;

	r->place.line++;
	config_parse(at, len, &line);
	switch (line.kind) {
	case CONFIG_NOTHING: break;
	case CONFIG_SECTION:
		r->place.section = line.value.at[0] != '*';
		r->applies = section_applies(r, &line.value);
		if (r->config->every)
			hand_on(r, &line);
		break;
	case CONFIG_SETTING: hand_on_setting(r, &line); break;
	case CONFIG_WRONG: hand_on(r, &line); break;
	}
}

/* Parses the complete lines of the HAVE bytes. Returns how many bytes they were. */
static size_t take_lines(struct reader *r, size_t have)
{
	const char *at = room.text, *end = at + have, *newline;

	while ((newline = memchr(at, '\n', (size_t)(end - at)))) {
		if (newline - at > CONFIG_LINE) {
			r->place.line++;
			wrong_line(r, "a line that is too long", "split it in two");
		} else {
			take_line(r, at, (size_t)(newline - at));
		}
		at = newline + 1;
	}
	return (size_t)(at - room.text);
}

static void read_lines(struct reader *r, int fd)
{
	size_t have = 0, all = 0, taken;
	ssize_t n;

	r->place.line = 0;
	r->place.section = false;
	r->applies = true;
	do {
		n = sys_read(fd, room.text + have, sizeof room.text - 1 - have);
		if (n == -EINTR)
			continue;
		if (n < 0) {
			wrong_file(r, "cannot be read", (int)-n, remedy((int)-n));
			return;
		}
		have += (size_t)n;
		all += (size_t)n;
		/* The last line may lack its end. */
		if (n == 0 && have)
			room.text[have++] = '\n';
		taken = take_lines(r, have);
		have -= taken;
		memmove(room.text, room.text + taken, have);
		if (have > CONFIG_LINE || all > CONFIG_BYTES) {
			r->place.line++;
			wrong_line(r,
				   all > CONFIG_BYTES ? "a file that is too long" :
							"a line that is too long",
				   "split it in two");
			return;
		}
	} while (n);
}

/* Reports it where root alone can read a file: the programs of others fail by that. */
static void check_readers(struct reader *r, const struct statx *st)
{
	const unsigned needed = (st->stx_mode & S_IFMT) == S_IFDIR ? 05 : 04;

	if (r->config->every && (st->stx_mode & needed) != needed)
		wrong_file(r, "not all users can read it", 0, REMEDY_UNREADABLE);
}

/* Whether only root can have written FD, and it is of the type TYPE. Reports it if not. */
static bool is_trusted_file(struct reader *r, int fd, unsigned type)
{
	struct statx st;
	int ret = sys_statx(fd, "", AT_EMPTY_PATH, &st);

	if (ret < 0)
		wrong_file(r, "cannot be read", -ret, remedy(-ret));
	else if ((st.stx_mode & S_IFMT) != type)
		wrong_file(r, type == S_IFDIR ? "no directory" : "no regular file", 0,
			   "remove it");
	else if (!owner_may_be_root(st.stx_uid) || (st.stx_mode & 022))
		wrong_file(r, "refused: others than root can write to it", 0,
			   "chown it to root and take that right away");
	else {
		check_readers(r, &st);
		return true;
	}
	return false;
}

/* Opens PATH in DIR. A descriptor, -ENOENT, or -errno. */
static int open_file(int dir, const char *path, int flags)
{
	struct statx st;
	int fd = sys_openat(dir, path,
			    O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | flags, 0);

	/* Without a free descriptor: a file that does not exist is no error. */
	if (fd == -EMFILE || fd == -ENFILE) {
		int ret = sys_statx(dir, path, 0, &st);

		if (ret == -ENOENT || ret == -ENOTDIR)
			fd = -ENOENT;
	}
	return fd == -ENOTDIR && !(flags & O_DIRECTORY) ? -ENOENT : fd;
}

/* PATH in DIR is not there: where it is a link, that is a mistake if all are asked for. */
static void look_for_link(struct reader *r, int dir, const char *path)
{
	char to[1];

	/* Each start of a session would take a system call more. */
	if (r->config->every && sys_readlinkat(dir, path, to, sizeof to) >= 0)
		wrong_file(r, "a link that leads nowhere", 0,
			   "make what it leads to, or remove it");
}

/* TRUSTED: its owner does not matter. */
static void read_file(struct reader *r, int dir, const char *path, bool trusted)
{
	int fd = open_file(dir, path, 0);

	if (fd == -ENOENT && !trusted) {
		look_for_link(r, dir, path);
		return;
	}
	if (fd < 0) {
		wrong_file(r, "cannot be read", -fd, remedy(-fd));
		return;
	}
	if (trusted || is_trusted_file(r, fd, S_IFREG))
		read_lines(r, fd);
	sys_close(fd);
}

static bool is_config(const char *name)
{
	size_t n = strlen(name);

	return name[0] != '.' && n > 5 && !strcmp(name + n - 5, ".conf");
}

/* Inserts NAME into the N sorted ones. */
static void insert_name(unsigned n, const char *name)
{
	while (n && strcmp(room.name[n - 1], name) > 0) {
		room.name[n] = room.name[n - 1];
		n--;
	}
	room.name[n] = name;
}

/*
 * Reads and sorts the names in the directory FD. Returns their number, -errno, or
 * -E2BIG.
 */
static int list_files(int fd)
{
	size_t used = 0;
	ssize_t n;
	int files = 0;

	while ((n = sys_getdents(fd, room.text, sizeof room.text)) > 0) {
		for (ssize_t at = 0; at < n;) {
			struct kernel_dirent head;
			const size_t before = offsetof(struct kernel_dirent, name);
			const char *name = room.text + at + before;
			size_t len = strlen(name) + 1;

			memcpy(&head, room.text + at, before);
			at += head.len;
			if (!is_config(name))
				continue;
			if (files == CONFIG_FILES || len > sizeof room.names - used)
				return -E2BIG;
			memcpy(room.names + used, name, len);
			insert_name((unsigned)files++, room.names + used);
			used += len;
		}
	}
	return n < 0 ? (int)n : files;
}

static void read_directory(struct reader *r)
{
	static const char dir[] = CONFIG_DIR "/";
	int fd = open_file(AT_FDCWD, CONFIG_DIR, O_DIRECTORY), files;

	r->place.file = CONFIG_DIR;
	if (fd == -ENOENT) {
		look_for_link(r, AT_FDCWD, CONFIG_DIR);
		return;
	}
	if (fd < 0) {
		wrong_file(r, "cannot be read", -fd,
			   fd == -EACCES ? "let everybody read and search it" :
					   "make it a directory, or remove it");
		return;
	}
	if (!is_trusted_file(r, fd, S_IFDIR)) {
		sys_close(fd);
		return;
	}
	files = list_files(fd);
	if (files == -E2BIG)
		wrong_file(r, "more files than are read", 0, "join some of them");
	else if (files < 0)
		wrong_file(r, "cannot be read", -files, remedy(-files));
	memcpy(room.path, dir, sizeof dir);
	r->place.file = room.path;
	for (int i = 0; i < files; i++) {
		strcpy(room.path + sizeof dir - 1, room.name[i]);
		read_file(r, fd, room.name[i], false);
	}
	sys_close(fd);
}

void config_read(const struct config *config)
{
	struct reader r = { .config = config, .place.file = CONFIG_FILE };

	read_file(&r, AT_FDCWD, CONFIG_FILE, false);
	read_directory(&r);
}

void config_read_file(const struct config *config, const char *file, const char *at)
{
	struct reader r = { .config = config, .place.file = file };

	read_file(&r, AT_FDCWD, at, true);
}

char *config_name(const struct config_place *place, char *out, size_t size)
{
	char number[SYS_DECIMAL];
	size_t n = strlen(place->file), digits = 0;

	if (place->line)
		digits = 1 + sys_decimal(place->line, number);
	if (n + digits >= size)
		n = size - 1 - digits;
	memcpy(out, place->file, n);
	if (digits) {
		out[n] = ':';
		memcpy(out + n + 1, number, digits - 1);
	}
	out[n + digits] = '\0';
	return out;
}
