/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Where a report may go (tools/audit/output.c): into no file that another user has put on
 * the way. See direct.h.
 */
#include "../../tools/audit/output.c"

#include "direct.h"

static const struct row {
	const char *path;
	int error; /* 0: it is opened, and empty */
} rows[] = {
	{ "/tmp/new", 0 },
	{ "new2", 0 },
	{ "./../tmp/.//new3", 0 },
	{ "/../tmp/new3", 0 },
	{ "/tmp/file", 0 },
	{ "/tmp/theirs", EACCES },
	{ "/tmp/roots", EACCES },
	{ "", ENOENT },
	{ "/", EISDIR },
	{ "/tmp/..", EISDIR },
	{ "/tmp", EISDIR },
	{ "/tmp/my", EISDIR },
	{ "/tmp/my/", EISDIR },
	{ "/tmp/none/x", ENOENT },
	{ "/tmp/none/", ENOENT },
	{ "/tmp/file/x", ENOTDIR },
	/* Links. */
	{ "/tmp/my-link", 0 },
	{ "/tmp/my-link-to-link", 0 },
	{ "/tmp/my-link-to-none", 0 },
	{ "/tmp/my-dir/new", 0 },
	{ "/tmp/my-whole-dir/new", 0 },
	{ "/tmp/their-link", EACCES },
	{ "/tmp/their-dir/new", EACCES },
	{ "/tmp/loop", ELOOP },
	/* Further names of a file. */
	{ "/tmp/my/second", 0 },
	{ "/tmp/second", EACCES },
	{ "/tmp/my/open/second", EACCES },
	/* What is no file. */
	{ "/dev/null", 0 },
	{ "/proc/self/fd/200", 0 },
	{ "/tmp/my/fifo", 0 },
	{ "/tmp/my/their-fifo", EACCES },
	{ "/tmp/my/their-fifo-without-reader", EACCES },
};

static void refused(const char *path, int error)
{
	FILE *file = output_open(path);

	IS(file ? 0 : errno, error);
	if (file)
		fclose(file);
}

static void as_user(void)
{
	static char longer[PATH_MAX + 10], name[200];
	int reader;

	become(ME);
	MUST(open("/tmp/my/fifo", O_RDONLY | O_NONBLOCK) >= 0);
	MUST(open("/tmp/my/their-fifo", O_RDONLY | O_NONBLOCK) >= 0);
	MUST(dup2(open("/tmp/file", O_RDWR), 200) == 200);
	MUST(chdir("/tmp") == 0);
	for (const struct row *row = rows; row < rows + sizeof rows / sizeof *rows;
	     row++) {
		FILE *file = output_open(row->path);
		struct stat st;

		if ((file ? 0 : errno) != row->error)
			direct_failed(__FILE__, __LINE__, row->path, file ? 0 : errno,
				      row->error);
		if (!file)
			continue;
		TRUE(fstat(fileno(file), &st) == 0 && st.st_size == 0);
		TRUE(fprintf(file, "x") == 1 && fclose(file) == 0);
	}
	/* An own FIFO without a reader is waited for. */
	reader = fork();
	MUST(reader >= 0);
	if (reader == 0) {
		usleep(20000);
		_exit(open("/tmp/my/fifo-without-reader", O_RDONLY) < 0);
	}
	refused("/tmp/my/fifo-without-reader", 0);
	MUST(waitpid(reader, NULL, 0) == reader);
	/* Too long: itself, behind the working directory, and by what a link has in it. */
	memset(longer, '/', sizeof longer - 1);
	refused(longer, ENAMETOOLONG);
	memset(name, 'x', sizeof name - 1);
	for (int i = 0; i < 18; i++)
		MUST(mkdir(name, 0755) == 0 && chdir(name) == 0);
	for (int i = 0; i < 5; i++)
		snprintf(longer + i * 200, sizeof longer - (size_t)i * 200, "%s/", name);
	refused(longer, ENAMETOOLONG);
	for (size_t at = 0; at < sizeof longer - 3; at += 2)
		memcpy(longer + at, "./", 3);
	longer[PATH_MAX - 10] = '\0';
	refused(longer, ENAMETOOLONG);
	MUST(chdir("/tmp/my") == 0 && symlink(longer, "long") == 0);
	memset(longer, 'y', 200);
	memcpy(longer, "long/", 5);
	longer[200] = '\0';
	refused(longer, ENAMETOOLONG);
	MUST(mkdir("/tmp/my/gone", 0700) == 0);
	MUST(chdir("/tmp/my/gone") == 0 && rmdir("/tmp/my/gone") == 0);
	refused("x", ENOENT);
	MUST(chdir("/") == 0);
	refused("tmp/new", 0);
}

static void files(void)
{
	make_file("/tmp/file", ME, 0600);
	make_file("/tmp/theirs", OTHER, 0666);
	make_file("/tmp/roots", 0, 0600);
	make_dir("/tmp/my", ME, 0755);
	make_dir("/tmp/my/open", ME, 0777);
	make_link("file", "/tmp/my-link", ME);
	make_link("/tmp/my-link", "/tmp/my-link-to-link", ME);
	make_link("new4", "/tmp/my-link-to-none", ME);
	make_link("my", "/tmp/my-dir", ME);
	make_link("/tmp/my", "/tmp/my-whole-dir", ME);
	make_link("file", "/tmp/their-link", OTHER);
	make_link("my", "/tmp/their-dir", OTHER);
	make_link("loop", "/tmp/loop", ME);
	make_file("/tmp/my/first", ME, 0600);
	MUST(link("/tmp/my/first", "/tmp/my/second") == 0);
	MUST(link("/tmp/my/first", "/tmp/second") == 0);
	MUST(link("/tmp/my/first", "/tmp/my/open/second") == 0);
	MUST(mkfifo("/tmp/my/fifo", 0666) == 0 &&
	     mkfifo("/tmp/my/their-fifo", 0666) == 0);
	MUST(mkfifo("/tmp/my/fifo-without-reader", 0666) == 0 &&
	     mkfifo("/tmp/my/their-fifo-without-reader", 0666) == 0);
	MUST(chown("/tmp/my/fifo", ME, ME) == 0 &&
	     chown("/tmp/my/fifo-without-reader", ME, ME) == 0);
	MUST(chown("/tmp/my/their-fifo", OTHER, OTHER) == 0 &&
	     chmod("/tmp/my/their-fifo", 0666) == 0);
	MUST(chown("/tmp/my/their-fifo-without-reader", OTHER, OTHER) == 0 &&
	     chmod("/tmp/my/their-fifo-without-reader", 0666) == 0);
	in_child(as_user);
}

int main(int argc, char **argv)
{
	static const struct direct_test tests[] = {
		{ "files", files },
		{ NULL, NULL },
	};

	return direct_main(tests, argc, argv);
}
