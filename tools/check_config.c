/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* privtmp check-config: names each mistake in the configuration. */
#include "clash.h"
#include "policy/config.h"
#include "core/report.h"
#include "preload_list.h"
#include "remedy.h"
#include "tool.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static void say_mistake(void *arg, const struct config_place *place,
			const struct config_line *line)
{
	unsigned *mistakes = arg;
	char name[CONFIG_NAME];

	if (line->kind != CONFIG_WRONG)
		return;
	report(config_name(place, name, sizeof name), line->what, place->error,
	       line->remedy);
	++*mistakes;
}

/* A name without a slash is loaded into fewer programs than expected. */
static void check_word(void *arg, const char *word, unsigned line)
{
	unsigned *bare = arg;

	(void)line;
	*bare |= !strcmp(word, PRELOAD_SHIM);
}

/* What loads the shim into every program is set there alone. */
static unsigned check_preload(void)
{
	unsigned bare = 0;

	preload_each(check_word, &bare);
	if (bare)
		report(PRELOAD_FILE,
		       PRELOAD_SHIM " without its directory is not loaded into "
				    "set-user-ID programs",
		       0, "write its full path, or /usr/$LIB/" PRELOAD_SHIM);
	return bare;
}

/*
 * What single lines say, and what they come to together, is read one after the other. From
 * these it can be read once only.
 */
static bool reads_once(const char *path, bool *pipe)
{
	struct stat st;

	if (stat(path, &st) < 0)
		return false;
	*pipe = S_ISFIFO(st.st_mode);
	return *pipe || S_ISCHR(st.st_mode);
}

/* Copies what comes from FROM to TO, or more than is read of a file. False with errno set. */
static bool copy(int from, int to)
{
	char text[4096];
	size_t all = 0;
	ssize_t n = 0;

	while (all <= CONFIG_BYTES) {
		n = read(from, text, sizeof text);
		if (n == 0 || (n > 0 && write(to, text, (size_t)n) < n))
			break;
		if (n > 0)
			all += (size_t)n;
		else if (errno == EAGAIN)
			poll(&(struct pollfd){ .fd = from, .events = POLLIN }, 1, -1);
		else if (errno != EINTR)
			break;
	}
	return n == 0 || all > CONFIG_BYTES;
}

/* A copy of the file PATH, or -1 after a report. Waits for no writer to come. */
static int copy_of(const char *path, bool pipe)
{
	int from = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	int to = from < 0 ? -1 : memfd_create("configuration", MFD_CLOEXEC);
	const bool copied = to >= 0 && copy(from, to);
	const bool bare = copied && pipe && lseek(to, 0, SEEK_CUR) == 0;

	if (!copied)
		report(path, "cannot be read", errno, remedy_of(errno));
	else if (bare)
		report(path, "a pipe that nothing came from", 0,
		       "write to it, or name a file");
	if (from >= 0)
		close(from);
	if (to >= 0 && (!copied || bare)) {
		close(to);
		to = -1;
	}
	return to;
}

int tool_check_config(const struct options *options, int argc, char **argv)
{
	unsigned mistakes = 0;
	const struct config config = {
		.sink = say_mistake,
		.arg = &mistakes,
		.every = true,
	};

	(void)options;
	for (int i = 0; i < argc; i++) {
		char name[32];
		const char *at = argv[i];
		bool pipe;
		int fd = -1;

		if (reads_once(at, &pipe)) {
			fd = copy_of(at, pipe);
			if (fd < 0) {
				mistakes++;
				continue;
			}
			snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
			at = name;
		}
		config_read_file(&config, argv[i], at);
		clash_find(argv[i], at, say_mistake, &mistakes);
		if (fd >= 0)
			close(fd);
	}
	if (argc == 0) {
		config_read(&config);
		clash_find(NULL, NULL, say_mistake, &mistakes);
		mistakes += check_preload();
	}
	return mistakes ? 1 : 0;
}
