/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What audited processes write down (shim/trace): which files are a trace, what of a path is
 * kept, who can change where it leads, and what is done where there is no room, or where
 * another process has written nonsense. See direct.h.
 */
#include "direct_trace.h"

#include <dlfcn.h>
#include <sys/socket.h>
#include <sys/un.h>

/* -- Which file is one -- */

static void refused(char *const *envp)
{
	trace_start(envp);
	TRUE(!pt_trace);
	close_trace();
}

static void files(void)
{
	char *const none[] = { (char *)"A=b", NULL }, *const relative[] = {
		(char *)TRACE_VARIABLE "=trace", NULL
	};

	open_trace();
	trace_start(none);
	TRUE(pt_trace && trace_image() == 1);
	close_trace();
	refused(NULL);
	refused(none);
	refused(relative);
	make_trace(TRACE_MAGIC, TRACE_VERSION, TRACE_SIZE - 1);
	refused(variables);
	make_trace(TRACE_MAGIC + 1, TRACE_VERSION, TRACE_SIZE);
	refused(variables);
	make_trace(TRACE_MAGIC, TRACE_VERSION + 1, TRACE_SIZE);
	refused(variables);
	make_trace(TRACE_MAGIC, TRACE_VERSION, TRACE_SIZE);
	MUST(chown(FILE_NAME, OTHER, OTHER) == 0);
	refused(variables);
	MUST(rename(FILE_NAME, "/mnt/other") == 0 && chown("/mnt/other", 0, 0) == 0);
	refused(variables);
	make_link("other", FILE_NAME, 0);
	refused(variables);
	unlink(FILE_NAME);
	MUST(mkfifo(FILE_NAME, 0600) == 0);
	refused(variables);
	/* Nothing is written to none. */
	watch_start("/tmp");
	watch_moved();
	trace_stop();
	point_start(variables);
	point_search(CALL, SITE, "true");
	point_told(CALL, SITE, "/tmp/a", false);
}

/* -- Where there is no room, or nonsense -- */

static void texts(void)
{
	static char longer[TRACE_STRING + 10];
	uint32_t *slot;
	trace_string at;

	open_trace();
	at = trace_text("some", 4);
	SAME(text_of(at), "some");
	IS(trace_text("some", 4), at);
	IS(trace_find_text("some", 4), at);
	IS(trace_find_text("other", 5), 0);
	memset(longer, 'x', sizeof longer);
	IS(strlen(text_of(trace_text(longer, sizeof longer))), TRACE_STRING - 1);
	/* Offsets that lead nowhere. */
	SAME(text_of(0), "");
	SAME(text_of(TRACE_TEXT - 8), "");
	SAME(text_of(~0U), "");
	for (const uint32_t *text = (const uint32_t[]){ 0, 9, TRACE_TEXT, ~0U & ~7U, 1 };
	     *text != 1; text++) {
		pt_trace->text = *text;
		IS(trace_text("new", 3), 0);
	}
	pt_trace->text = TRACE_TEXT / 2;
	/* All places for it are taken: by others, or by what is no text. */
	for (uint32_t i = 0; i < 64; i++) {
		slot = &text_slots()[(trace_hash(0, "full", 4) + i) % TRACE_SLOTS];
		*slot = i % 2 ? at : ~0U;
	}
	IS(trace_text("full", 4), 0);
	IS(trace_find_text("full", 4), 0);
	*slot = 0;
	SAME(text_of(trace_text("full", 4)), "full");
}

static void counts(void)
{
	const struct trace_record one = { .call = CALL };
	uint32_t *slots;
	struct trace_record *found;
	bool new;

	open_trace();
	slots = trace_part(TRACE_AT_SLOTS);
	found = trace_count(&one, 100, &new);
	TRUE(found && new && found->count == 1 && found->key == 100);
	TRUE(trace_count(&one, 100, &new) == found && !new && found->count == 2);
	/* A number that is none is passed over. */
	slots[200] = ~0U;
	found = trace_count(&one, 200, &new);
	TRUE(found && new &&slots[201]);
	for (uint32_t i = 0; i < 64; i++)
		slots[300 + i] = i % 2 ? ~0U : 1;
	IS(pt_trace->not_counted, 0);
	TRUE(!trace_count(&one, 300, &new) && !new);
	IS(pt_trace->not_counted, 1);
	pt_trace->records = TRACE_RECORDS;
	TRUE(!trace_count(&one, 500, &new) && !new);
	IS(pt_trace->not_counted, 2);
	TRUE(trace_count(&one, 100, &new) && !new);
}

static void other_image(void)
{
	const uint32_t mine = trace_image();

	IS(mine, 2);
	IS(trace_modules_image(), 1);
	trace_stop();
	TRUE(image_of(mine)->end && !image_of(1)->end);
	IS(image_of(mine)->forked, 1);
	/* No memory's being wiped tells a child, but its pid. */
	wiped = false;
	IS(trace_image(), mine);
	trace_own->pid = 1;
	IS(trace_image(), 3);
	trace_own->image = 0;
	pt_trace->images = TRACE_IMAGES;
	IS(trace_image(), 0);
	IS(trace_modules_image(), 0);
	IS(pt_trace->not_counted, 2);
	trace_stop();
}

static void images(void)
{
	open_trace();
	IS(trace_image(), 1);
	IS(trace_modules_image(), 1);
	IS(image_of(1)->pid, getpid());
	in_child(other_image);
	trace_own->pid = 1;
	trace_stop();
	TRUE(!image_of(1)->end);
}

/* -- Objects -- */

static void objects(void)
{
	char program[PATH_MAX] = "", dir[256] = "/tmp/";
	const uint64_t here = (uint64_t)(uintptr_t)objects,
		       libc = (uint64_t)(uintptr_t)dlsym(RTLD_NEXT, "mkdtemp");
	const struct trace_module *m;
	void *longest;
	int fd;

	MUST(readlink("/proc/self/exe", program, sizeof program - 1) > 0);
	open_trace();
	trace_module(here);
	IS(pt_trace->modules, 2);
	m = module_of(1);
	TRUE(m->ready && m->image == 1 && m->start <= here && here < m->end);
	SAME(text_of(m->path), program);
	trace_module(here + 1);
	IS(pt_trace->modules, 2);
	/* Behind a name that is longer than a line may be. */
	memset(dir + 5, 'd', 240);
	MUST(chdir("/tmp") == 0);
	for (int i = 0; i < 10; i++)
		MUST(mkdir(dir + 5, 0755) == 0 && chdir(dir + 5) == 0);
	fd = open("file", O_CREAT | O_RDWR | O_CLOEXEC, 0600);
	MUST(fd >= 0 && ftruncate(fd, 4096) == 0);
	longest = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, fd, 0);
	MUST(longest != MAP_FAILED);
	trace_module(libc);
	IS(pt_trace->modules, 3);
	TRUE(strstr(text_of(module_of(2)->path), "libc"));
	munmap(longest, 4096);
	close(fd);
	MUST(chdir("/tmp") == 0);
	trace_module(0);
	IS(pt_trace->modules, 3);
	trace_modules_moved();
	pt_trace->modules = TRACE_MODULES;
	trace_module(here);
	IS(pt_trace->modules, TRACE_MODULES);
}

static void lines(void)
{
	static const char *const none[] = { "",
					    "12",
					    "12 13",
					    "12-13",
					    "12-13r--p 0",
					    "12-13 r--",
					    "1f-2A r-xp 0 08:01 77 /a",
					    NULL };
	struct line line;

	for (const char *const *at = none; *at; at++)
		FALSE(read_line(*at, &line));
	TRUE(read_line("1f-2a r-xp 00000010 08:01 77    /a b", &line));
	IS(line.start, 0x1f);
	IS(line.end, 0x2a);
	IS(line.offset, 0x10);
	IS(line.inode, 77);
	TRUE(line.readable);
	SAME(line.path, "/a b");
	TRUE(read_line("1f-2a --xp 0;08;01;77", &line) && !line.readable);
}

/* A page that begins as an object, with notes at 1024. */
static struct image_page {
	ElfW(Ehdr) header;
	ElfW(Phdr) segment[2];
	char room[1024 - sizeof(ElfW(Ehdr)) - 2 * sizeof(ElfW(Phdr))];
	struct {
		ElfW(Nhdr) note;
		char name[4], text[24];
	} notes[2];
} page __attribute__((aligned(4096)));

static unsigned build_id_of(void)
{
	struct trace_module m = { .build_id_len = 0 };

	read_build_id(&m, (uintptr_t)&page, (uintptr_t)&page + 4096);
	TRUE(!m.build_id_len || !memcmp(m.build_id, page.notes[1].text, m.build_id_len));
	return m.build_id_len;
}

static void build_ids(void)
{
	struct trace_module m = { .build_id_len = 0 };

	IS(build_id_of(), 0);
	memcpy(page.header.e_ident, ELFMAG, SELFMAG);
	page.header.e_phoff = offsetof(struct image_page, segment);
	page.header.e_phnum = 2;
	IS(build_id_of(), 0);
	page.segment[0].p_type = PT_LOAD;
	page.segment[1] = (ElfW(Phdr)){ .p_type = PT_NOTE,
					.p_offset = 1024,
					.p_filesz = sizeof page.notes };
	for (int i = 0; i < 2; i++)
		page.notes[i].note = (ElfW(Nhdr)){ .n_namesz = 4,
						   .n_descsz = i ? 20 : 24,
						   .n_type = i ? NT_GNU_BUILD_ID : 1 };
	memcpy(page.notes[1].text, "01234567890123456789", 20);
	IS(build_id_of(), 20);
	page.notes[1].note.n_descsz = 24; /* longer than any */
	IS(build_id_of(), 0);
	page.notes[1].note.n_descsz = 99; /* behind the end */
	IS(build_id_of(), 0);
	page.notes[1].note.n_descsz = 8;
	IS(build_id_of(), 8);
	page.segment[1].p_filesz = 4096;
	IS(build_id_of(), 0);
	page.segment[1].p_filesz = sizeof page.notes;
	page.header.e_phnum = 33;
	IS(build_id_of(), 0);
	page.header.e_phnum = 2;
	page.header.e_phoff = 2049;
	IS(build_id_of(), 0);
	page.header.e_phoff = offsetof(struct image_page, segment);
	read_build_id(&m, (uintptr_t)&page, (uintptr_t)&page + 4095);
	IS(m.build_id_len, 0);
}

/* -- Which paths -- */

static void watched(void)
{
	static const struct {
		const char *dir;
		bool more;
	} dirs[] = {
		{ "tmp", false },	 { "/", false },	 { "", false },
		{ "/mnt/", false },	 { "/tmp", false },	 { "/tmp/in", false },
		{ "/mnt/no", false },	 { "/mnt/file", false }, { "/mnt/mine", false },
		{ "/mnt/all", true },	 { "/mnt/all", false },	 { "/mnt/all2", true },
		{ "/mnt/all/x", false },
	};
	char longer[TRACE_DIR + 2] = "/mnt/";

	open_trace();
	make_file("/mnt/file", 0, 0666);
	make_dir("/mnt/mine", 0, 0755);
	make_dir("/mnt/all", 0, 01777);
	make_dir("/mnt/all2", 0, 0775);
	make_dir("/mnt/all3", 0, 0777);
	for (size_t i = 0; i < sizeof dirs / sizeof *dirs; i++) {
		const uint32_t before = pt_trace->watched;

		watch_start(dirs[i].dir);
		IS(pt_trace->watched, before + dirs[i].more);
	}
	memset(longer + 5, 'x', TRACE_DIR - 4);
	watch_start(longer);
	IS(pt_trace->watched, 4);
	pt_trace->watched = TRACE_WATCHED;
	watch_start("/mnt/all3");
	IS(pt_trace->watched, TRACE_WATCHED);
	/* A number that another process has written. */
	pt_trace->watched = ~0U;
	watch_start("/mnt/all3");
	IS(pt_trace->watched, ~0U);
}

static void paths(void)
{
	static char longer[WATCH_PATH + 100] = "/tmp/";
	static const struct {
		const char *cwd, *dir, *path, *seen;
	} rows[] = {
		{ "/usr", NULL, "/tmp/a", "/tmp/a" },
		{ "/usr", NULL, "/tmp", NULL },
		{ "/usr", NULL, "/tmp/", NULL },
		{ "/usr", NULL, "/tmpx/a", NULL },
		{ "/usr", NULL, "/tmp/..x/.y/...", "/tmp/..x/.y/..." },
		{ "/usr", NULL, "//tmp/./a//b/", "/tmp/a/b" },
		{ "/usr", NULL, "/tmp/a/../b", "/tmp/b" },
		{ "/usr", NULL, "/../../tmp/b", "/tmp/b" },
		{ "/usr", NULL, "/tmp/../usr/b", NULL },
		{ "/usr", NULL, "/..", NULL },
		{ "/usr/bin", NULL, "../../tmp/b", "/tmp/b" },
		{ "/usr/bin", NULL, "b", NULL },
		{ "/tmp/d", NULL, "b", "/tmp/d/b" },
		{ "/", NULL, "tmp/b", "/tmp/b" },
		{ "/", NULL, "usr/b", NULL },
		{ "/", NULL, "", NULL },
		{ "/", NULL, longer, NULL },
		{ "/tmp/d", NULL, longer + 5, NULL },
		{ "/usr", "/tmp/d", "b", "/tmp/d/b" },
		{ "/usr", "/tmp", "../var/tmp/b", "/var/tmp/b" },
		{ "/usr", "/usr", "b", NULL },
		{ "/usr", "/usr", "b", NULL },
		{ "/usr", "/usr", "../tmp/b", "/tmp/b" },
		{ "/usr", "/usr/bin", "b", NULL }, /* known to be elsewhere */
		{ "/usr", "/usr/bin", "b", NULL },
		{ "/usr", "/usr/bin", "../../tmp/b", "/tmp/b" },
		{ "/usr", "/var", "tmp/b", "/var/tmp/b" },
		{ "/usr", "/var", "none/b", NULL },
		{ "/usr", "/", "tmp/b", "/tmp/b" },
	};
	char out[WATCH_PATH];
	size_t root;

	open_trace();
	make_dir("/tmp/d", 0, 0755);
	memset(longer + 5, 'x', sizeof longer - 6);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const int fd = rows[i].dir ? open_high(rows[i].dir) : AT_FDCWD;
		size_t len;

		MUST(chdir(rows[i].cwd) == 0);
		len = watch_path(fd, rows[i].path, out, &root);
		if (!rows[i].seen)
			IS(len, 0);
		else if (!len)
			direct_failed(__FILE__, __LINE__, rows[i].path, 0, 1);
		else {
			IS(len, strlen(rows[i].seen));
			SAME(out, rows[i].seen);
			TRUE(root == 4 || root == 8);
		}
		if (rows[i].dir)
			close(fd);
	}
	IS(watch_path(AT_FDCWD, NULL, out, &root), 0);
	IS(watch_path(999, "b", out, &root), 0);
	MUST(chdir("/tmp/d") == 0 && rmdir("/tmp/d") == 0);
	IS(watch_path(AT_FDCWD, "b", out, &root), 0);
	MUST(chdir("/usr") == 0);
}

static void moves(void)
{
	static const struct {
		const char *cwd;
		bool clear;
	} rows[] = { { "/usr", true },	    { "/", false },	 { "/tmp", false },
		     { "/tmp/d", false },   { "/var", false },	 { "/usr/bin", true },
		     { "/var/tmp", false }, { "/var/lib", true } };

	open_trace();
	make_dir("/tmp/d", 0, 0755);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		MUST(chdir(rows[i].cwd) == 0);
		watch_moved();
		IS(pt_watch_cwd_clear, rows[i].clear);
	}
	MUST(chdir("/tmp/d") == 0 && rmdir("/tmp/d") == 0);
	watch_moved();
	FALSE(pt_watch_cwd_clear);
	MUST(chdir("/usr") == 0);
}

/* -- What is there -- */

static uint32_t place_of(const char *path, uint32_t type)
{
	struct trace_object object;
	char copy[WATCH_PATH];
	uint32_t place;

	strcpy(copy, path);
	errno = 77;
	watch_look(copy, strlen(copy), 4, &place, &object);
	IS(errno, 77);
	SAME(copy, path);
	if (object.type != type)
		direct_failed(__FILE__, __LINE__, path, object.type, type);
	return place;
}

static void see_places(void)
{
	struct trace_object object;

	become(ME);
	IS(place_of("/tmp/x", TRACE_ABSENT), PLACE_SHARED);
	IS(place_of("/tmp/mine/file", TRACE_FILE), PLACE_PRIVATE);
	IS(place_of("/tmp/roots/x", TRACE_ABSENT), PLACE_PRIVATE);
	IS(place_of("/tmp/shut/x", TRACE_ABSENT), PLACE_CLOSED);
	IS(place_of("/tmp/open/x", TRACE_ABSENT), PLACE_OPEN);
	IS(place_of("/tmp/sticky/x", TRACE_ABSENT), PLACE_SHARED);
	IS(place_of("/tmp/theirs/x", TRACE_ABSENT), PLACE_FOREIGN);
	IS(place_of("/tmp/open/in/x", TRACE_ABSENT), PLACE_OPEN);
	IS(place_of("/tmp/open/theirs/x", TRACE_ABSENT), PLACE_FOREIGN);
	IS(place_of("/tmp/sticky/in/x", TRACE_ABSENT), PLACE_PRIVATE);
	IS(place_of("/tmp/my-link/x", TRACE_ABSENT), PLACE_PRIVATE);
	IS(place_of("/tmp/their-link/x", TRACE_ABSENT), PLACE_FOREIGN);
	IS(place_of("/tmp/none/x", TRACE_ABSENT), PLACE_SHARED);
	IS(place_of("/tmp/mine", TRACE_DIRECTORY), PLACE_SHARED);
	IS(place_of("/tmp/my-link", TRACE_LINK), PLACE_SHARED);
	IS(place_of("/tmp/fifo", TRACE_FIFO), PLACE_SHARED);
	IS(place_of("/tmp/socket", TRACE_SOCKET), PLACE_SHARED);
	IS(place_of("/tmp/device", TRACE_OTHER), PLACE_SHARED);
	watch_look_fd(-1, &object);
	IS(object.type, TRACE_UNKNOWN);
}

static void places(void)
{
	const struct sockaddr_un address = { .sun_family = AF_UNIX,
					     .sun_path = "/tmp/socket" };
	const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct trace_object object;

	open_trace();
	make_dir("/tmp/mine", ME, 0755);
	make_file("/tmp/mine/file", ME, 0640);
	make_dir("/tmp/roots", 0, 0755);
	make_dir("/tmp/shut", ME, 0700);
	make_dir("/tmp/open", ME, 0777);
	make_dir("/tmp/open/in", ME, 0755);
	make_dir("/tmp/open/theirs", OTHER, 0755);
	make_dir("/tmp/sticky", 0, 01777);
	make_dir("/tmp/sticky/in", ME, 0755);
	make_dir("/tmp/theirs", OTHER, 0755);
	make_link("mine", "/tmp/my-link", ME);
	make_link("mine", "/tmp/their-link", OTHER);
	MUST(mkfifo("/tmp/fifo", 0600) == 0);
	MUST(mknod("/tmp/device", S_IFCHR | 0600, 259) == 0);
	MUST(fd >= 0 && bind(fd, (const void *)&address, sizeof address) == 0);
	in_child(see_places);
	watch_look_fd(fd, &object);
	IS(object.type, TRACE_SOCKET);
	close(fd);
	/* As the program sees it: in a session, and where none has been made yet. */
	begin_view();
	make_file(IN "/in", 0, 0600);
	make_file("/tmp/out", 0, 0600);
	place_of("/tmp/in", TRACE_FILE);
	place_of("/tmp/out", TRACE_ABSENT);
	place_of("/tmp/refused", TRACE_ABSENT);
	pt_session.state = SESSION_PLANNED;
	place_of("/tmp/in", TRACE_ABSENT);
	view_use(NULL, NULL);
	pt_session.state = SESSION_NONE;
	place_of("/tmp/out", TRACE_FILE);
}

int main(int argc, char **argv)
{
	static const struct direct_test tests[] = {
		{ "files", files },	    { "texts", texts },	    { "counts", counts },
		{ "images", images },	    { "objects", objects }, { "lines", lines },
		{ "build_ids", build_ids }, { "watched", watched }, { "paths", paths },
		{ "moves", moves },	    { "places", places },   { NULL, NULL },
	};

	return direct_main(tests, argc, argv);
}
