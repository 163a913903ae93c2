# SPDX-License-Identifier: LGPL-2.1-or-later
# python3's tempfile in all its forms, and what programs then do with such files: the paths
# printed are those of the view, with the random part replaced.
import contextlib
import errno
import glob
import mmap
import multiprocessing
import os
import pathlib
import re
import shutil
import socket
import stat
import subprocess
import sys
import tempfile
import zipfile


def show(*what):
    text = " ".join(str(w) for w in what)
    print(re.sub(r"(tmp|pre|pymp-)[a-z0-9_]{8}", r"\1RANDOM", text), flush=True)


def mode(path):
    return oct(os.stat(path).st_mode)


def files():
    show(tempfile.gettempdir(), tempfile.gettempprefix())
    fd, name = tempfile.mkstemp()
    show(name, mode(name), os.fstat(fd).st_nlink, os.get_inheritable(fd))
    show(os.readlink(f"/proc/self/fd/{fd}"))
    os.write(fd, b"kept")
    with open(name) as f:
        show(f.read())
    os.unlink(name)
    show(os.fstat(fd).st_nlink, os.path.exists(name))
    os.close(fd)
    fd, name = tempfile.mkstemp(suffix=".txt", prefix="pre", dir="/var/tmp", text=True)
    show(name)
    os.close(fd)
    os.unlink(name)
    name = tempfile.mktemp()
    show(name, os.path.exists(name))
    fd, name = tempfile.mkstemp(dir=b"/tmp")
    show(type(name).__name__)
    os.close(fd)
    os.unlink(name)


def objects():
    with tempfile.TemporaryFile() as f:
        f.write(b"nameless")
        f.seek(0)
        show(f.read(), os.fstat(f.fileno()).st_nlink, type(f.name).__name__)
        show(re.sub(r"#\d+|tmp\w+", "NAME", os.readlink(f"/proc/self/fd/{f.fileno()}")))
    with tempfile.NamedTemporaryFile("w+") as f:
        f.write("named")
        f.flush()
        show(f.name, pathlib.Path(f.name).read_text(), subprocess.check_output(["cat", f.name]))
        name = f.name
    show(os.path.exists(name))
    with tempfile.NamedTemporaryFile(delete=False) as f:
        pass
    show(os.path.exists(f.name))
    os.remove(f.name)
    with tempfile.SpooledTemporaryFile(max_size=4) as f:
        f.write(b"more than four")
        f.seek(0)
        show(f.read(), os.fstat(f.fileno()).st_nlink)
    try:
        tempfile.mkstemp(dir="/tmp/absent")
    except FileNotFoundError as e:
        show(errno.errorcode[e.errno], os.path.dirname(e.filename))


def directories():
    with tempfile.TemporaryDirectory() as d:
        show(d, mode(d))
        p = pathlib.Path(d)
        (p / "a" / "b").mkdir(parents=True)
        (p / "a" / "file").write_text("x")
        (p / "a" / "link").symlink_to(p / "a" / "file")
        (p / "a" / "dangling").symlink_to("/tmp/nowhere")
        show(os.readlink(p / "a" / "link"), (p / "a" / "link").resolve(), (p / "a" / "link").read_text())
        show(os.readlink(p / "a" / "dangling"), (p / "a" / "dangling").exists())
        show(sorted(x.relative_to(p) for x in p.rglob("*")))
        show(sorted(glob.glob(f"{d}/*/*")), sorted(glob.glob("/tmp/*")))
        for top, dirs, names in os.walk(d):
            show(top, sorted(dirs), sorted(names))
        for top, dirs, names, fd in os.fwalk(d):
            show(top, sorted(dirs), sorted(names), stat.S_ISDIR(os.fstat(fd).st_mode))
        os.chdir(p / "a")
        show(os.getcwd(), os.path.abspath("file"), os.path.realpath("link"))
        fd = os.open(d, os.O_RDONLY | os.O_DIRECTORY)
        show(os.stat("a/file", dir_fd=fd).st_size, os.readlink("a/link", dir_fd=fd))
        os.rename("a/file", "renamed", src_dir_fd=fd, dst_dir_fd=fd)
        os.link("renamed", "/tmp/hard", src_dir_fd=fd)
        show(os.stat("/tmp/hard").st_nlink, os.path.samefile("/tmp/hard", p / "renamed"))
        os.fchdir(fd)
        show(os.getcwd(), sorted(os.listdir(fd)), sorted(e.name for e in os.scandir(d)))
        os.close(fd)
        os.unlink("/tmp/hard")
        os.chdir("/")
        shutil.copytree(d, "/var/tmp/copy", symlinks=True)
        show(shutil.move("/var/tmp/copy", "/tmp/moved"), sorted(os.listdir("/tmp/moved/a")))
        show(shutil.make_archive("/tmp/archive", "zip", d), zipfile.ZipFile("/tmp/archive.zip").namelist())
        show(shutil.disk_usage(d).total == shutil.disk_usage("/tmp").total)
        shutil.rmtree("/tmp/moved")
        os.remove("/tmp/archive.zip")
    show(os.path.exists(d))
    d = tempfile.mkdtemp(dir="/var/tmp")
    os.rmdir(d)


def sockets():
    with contextlib.closing(socket.socket(socket.AF_UNIX)) as s:
        s.bind("/tmp/sock")
        s.listen()
        show(s.getsockname(), stat.S_ISSOCK(os.stat("/tmp/sock").st_mode))
        with contextlib.closing(socket.socket(socket.AF_UNIX)) as c:
            c.bind("/tmp/client")
            c.connect("/tmp/sock")
            conn, peer = s.accept()
            show(peer, c.getpeername(), conn.getsockname())
            conn.close()
    for name in "/tmp/sock", "/tmp/client":
        os.unlink(name)
    long = "/tmp/" + "s" * 102
    with contextlib.closing(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)) as s:
        s.bind(long)
        show(len(s.getsockname()), os.path.exists(long))
        with contextlib.closing(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)) as c:
            c.bind("/tmp/from")
            c.sendto(b"hello", long)
            show(s.recvfrom(10))
            s.sendto(b"back", "/tmp/from")
            show(c.recvmsg(10)[3] == long)
    os.unlink(long)
    os.unlink("/tmp/from")
    try:
        socket.socket(socket.AF_UNIX).connect("/tmp/absent")
    except OSError as e:
        show(errno.errorcode[e.errno])


def double(x):
    return 2 * x


def processes():
    # A manager and a fork server each listen on a socket in a directory of their own in /tmp.
    context = multiprocessing.get_context("forkserver")
    with context.Pool(2) as pool:
        show(pool.map(double, range(5)))
    with multiprocessing.Manager() as manager:
        shared = manager.list([1])
        shared.append(2)
        show(list(shared), re.sub(r"pymp-.*", "pymp-NAME", manager.address))
    out = subprocess.run("cat > here; pwd; echo $0", shell=True, cwd="/tmp", input=b"x", stdout=subprocess.PIPE)
    show(out.stdout, os.listdir("/tmp") != [])
    os.unlink("/tmp/here")
    with open("/tmp/prog.py", "w") as f:
        f.write("#!/usr/bin/python3\nimport sys; print(sys.argv[0], __file__, sys.path[0])\n")
    os.chmod("/tmp/prog.py", 0o755)
    show(subprocess.check_output(["/tmp/prog.py"]), subprocess.check_output(["./prog.py"], cwd="/tmp"))
    sys.path.insert(0, "/tmp")
    pathlib.Path("/tmp/amodule.py").write_text("here = __file__\n")
    import amodule
    show(amodule.here, amodule.__cached__)


def special():
    with open("/tmp/map", "w+b") as f:
        f.truncate(4096)
        with mmap.mmap(f.fileno(), 0) as m:
            m[0:3] = b"abc"
    show(pathlib.Path("/tmp/map").read_bytes()[:3], os.path.getsize("/tmp/map"))
    os.mkfifo("/tmp/fifo")
    pid = os.fork()
    if pid == 0:
        with open("/tmp/fifo", "w") as f:
            f.write("through")
        os._exit(0)
    with open("/tmp/fifo") as f:
        show(f.read(), os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
    os.truncate("/tmp/map", 10)
    os.utime("/tmp/map", (1, 2))
    os.chmod("/tmp/map", 0o640)
    s = os.stat("/tmp/map")
    show(s.st_size, int(s.st_mtime), oct(s.st_mode), os.access("/tmp/map", os.R_OK))
    for call in (lambda: os.mkdir("/tmp"), lambda: os.rmdir("/tmp/map"),
                 lambda: os.listdir("/tmp/map"), lambda: os.open("/tmp", os.O_WRONLY),
                 lambda: os.mkdir("/tmp/a/b"), lambda: os.readlink("/tmp/map"),
                 lambda: os.rename("/tmp/none", "/tmp/n"), lambda: os.unlink("/tmp/__pycache__")):
        try:
            show("unexpected", call())
        except OSError as e:
            show(errno.errorcode[e.errno], e.filename)
    show(oct(os.stat("/tmp").st_mode), os.path.ismount("/tmp/nowhere"), os.stat("/tmp/../tmp/.").st_ino == os.stat("/tmp").st_ino)
    for name in sorted(os.listdir("/tmp")):
        show(name)


if __name__ == "__main__":
    files()
    objects()
    directories()
    sockets()
    processes()
    special()
