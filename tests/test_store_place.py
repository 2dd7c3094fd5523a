"""Where the state lies, and which folders are refused: by the system's table of mounts, by name, by mark."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

import pytest

from bcp.errors import Exit, StoreError
from bcp.store.place import linux_mounts, macos_mounts, mount_of, state_folder, synchronised_by
from tests.children import IS_WINDOWS, in_own_mounts, needs_links, needs_root, small_disk

# As proc(5) describes it, with lines for what an office may have mounted.
LINUX = r"""
23 29 0:21 / /proc rw,nosuid,nodev,noexec,relatime shared:12 - proc proc rw
29 1 259:2 / / rw,relatime shared:1 - ext4 /dev/nvme0n1p2 rw,errors=remount-ro
41 29 0:36 / /srv/office rw,relatime shared:20 - nfs4 nas:/volume1/office rw,vers=4.2,addr=192.168.1.5
42 29 0:37 / /mnt/Our\040share rw,relatime shared:21 - cifs //nas/share rw,vers=3.1.1
43 29 0:38 / /home/ann/remote rw,nosuid,nodev,relatime - fuse.sshfs ann@host:/ rw,user_id=1000
44 29 0:39 / /home/ann/cloud rw,nosuid,nodev,relatime shared:22 master:3 - fuse.rclone drive: rw
45 29 0:40 / /run/user/1000/gvfs rw,nosuid,nodev,relatime - fuse.gvfsd-fuse gvfsd-fuse rw
46 29 8:17 / /media/ann/STICK rw,nosuid,nodev,relatime shared:23 - fuseblk /dev/sdb1 rw,allow_other
47 29 0:41 / /mnt/c rw,noatime - 9p C:\134 rw,aname=drvfs;path=C:\134
48 41 259:3 / /srv/office/local rw,relatime shared:24 - xfs /dev/nvme0n1p3 rw
49 29 0:42 / /data rw,relatime shared:25 - autofs systemd-1 rw,fd=52
50 49 0:43 / /data rw,relatime shared:26 - nfs nas:/data rw,vers=3
""".strip()

# As mount(8) of macOS prints it; the last four are SMB, NFS, WebDAV and AFP.
MACOS = """
/dev/disk3s1s1 on / (apfs, sealed, local, read-only, journaled)
devfs on /dev (devfs, local, nobrowse)
/dev/disk3s5 on /System/Volumes/Data (apfs, local, journaled, nobrowse, protect, root data)
map auto_home on /System/Volumes/Data/home (autofs, automounted, nobrowse)
/dev/disk4s2 on /Volumes/Stick (1) on loan (msdos, local, nodev, nosuid, noowners, noatime)
//ann@nas._smb._tcp.local/Office on /Volumes/Office (smbfs, nodev, nosuid, mounted by ann)
nas:/volume1/backup on /Volumes/backup (nfs, nodev, nosuid, mounted by ann)
https://cloud.example/dav/ on /Volumes/dav (webdav, nodev, noexec, nosuid, mounted by ann)
afp_0TQCV10QsPgy0TShVK000000-4.2c000006 on /Volumes/old (afpfs, nodev, nosuid, mounted by ann)
""".strip()


@pytest.mark.parametrize(
    ("folder", "kind", "refused"),
    [
        ("/home/ann/office/incidents", "ext4", False),
        ("/srv/office/incidents", "nfs4", True),
        ("/srv/office", "nfs4", True),
        ("/srv/office-old/incidents", "ext4", False),
        ("/srv/office/local/incidents", "xfs", False),
        ("/mnt/Our share/incidents", "cifs", True),
        ("/home/ann/remote/x", "fuse.sshfs", True),
        ("/home/ann/cloud/x", "fuse.rclone", True),
        ("/run/user/1000/gvfs/smb-share:server=nas/x", "fuse.gvfsd-fuse", True),
        ("/media/ann/STICK/x", "fuseblk", False),
        ("/mnt/c/Users/ann/x", "9p", False),
        ("/data/incidents", "nfs", True),
    ],
)
def test_on_linux_the_deepest_mount_says_whether_a_folder_is_on_the_network(
    folder: str, kind: str, refused: bool
) -> None:
    found = mount_of(PurePosixPath(folder), linux_mounts(LINUX))
    assert found is not None
    assert (found.kind, found.is_network) == (kind, refused)


@pytest.mark.parametrize(
    ("folder", "kind", "refused"),
    [
        ("/Users/ann/office/incidents", "apfs", False),
        ("/Volumes/Stick (1) on loan/incidents", "msdos", False),
        ("/Volumes/Office/incidents", "smbfs", True),
        ("/Volumes/backup/incidents", "nfs", True),
        ("/Volumes/dav/incidents", "webdav", True),
        ("/Volumes/old/incidents", "afpfs", True),
    ],
)
def test_on_macos_what_is_not_local_is_on_the_network(folder: str, kind: str, refused: bool) -> None:
    found = mount_of(PurePosixPath(folder), macos_mounts(MACOS))
    assert found is not None
    assert (found.kind, found.is_network) == (kind, refused)


def test_without_a_table_of_mounts_nothing_is_known_and_nothing_refused() -> None:
    assert mount_of(PurePosixPath("/srv/office"), []) is None


@pytest.mark.parametrize(
    "name",
    [
        "OneDrive",
        "OneDrive - Kanzlei Müller",
        "OneDrive-Personal",
        "onedrive",
        "Dropbox",
        "Dropbox (Kanzlei)",
        "Google Drive",
        "GoogleDrive-ann@example.org",
        "iCloud Drive",
        "iCloudDrive",
        "Library/Mobile Documents/com~apple~CloudDocs",
        "Library/CloudStorage/Box-Box",
        "Nextcloud",
        "ownCloud",
        "pCloudDrive",
        "pCloud Drive",
        "Box Sync",
        "SynologyDrive",
    ],
)
def test_a_folder_that_a_synchroniser_named_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(StoreError, match="is synchronised") as found:
        state_folder(tmp_path / name / "office", {})
    assert found.value.exit is Exit.STORE
    assert "BCP_STATE" in found.value.hint


@pytest.mark.parametrize(
    "name", ["Dropboxes", "My OneDrive notes", "box", "drive", "clouds", "megaphones", "Box"]
)
def test_a_folder_whose_name_only_sounds_like_it_is_taken(tmp_path: Path, name: str) -> None:
    assert state_folder(tmp_path / name, {}) == (tmp_path / name / "incidents").resolve()


@pytest.mark.parametrize(
    ("mark", "program"),
    [(".dropbox", "Dropbox"), (".nextcloudsync.log", "Nextcloud"), (".owncloudsync.log", "ownCloud")],
)
def test_a_file_left_by_a_synchroniser_above_the_office_is_found(
    tmp_path: Path, mark: str, program: str
) -> None:
    (tmp_path / mark).touch()
    assert synchronised_by(tmp_path / "papers" / "office" / "incidents", {}) == program


@pytest.mark.parametrize(
    ("mark", "program"),
    [(".dropbox.cache", "Dropbox"), (".stfolder", "Syncthing"), (".tmp.drivedownload", "Google Drive")],
)
def test_a_folder_left_by_a_synchroniser_above_the_office_is_found(
    tmp_path: Path, mark: str, program: str
) -> None:
    (tmp_path / mark).mkdir()
    assert synchronised_by(tmp_path / "office" / "incidents", {}) == program


def test_the_settings_of_dropbox_in_somebodys_home_say_nothing_about_the_home(tmp_path: Path) -> None:
    (tmp_path / ".dropbox").mkdir()
    assert synchronised_by(tmp_path / "office" / "incidents", {}) == ""


def test_the_folder_that_onedrive_tells_is_refused_whatever_its_name(tmp_path: Path) -> None:
    told = {"OneDriveCommercial": str(tmp_path / "Firma")}
    assert synchronised_by(tmp_path / "Firma" / "office" / "incidents", told) == "OneDrive"
    assert synchronised_by(tmp_path / "Firmament" / "office" / "incidents", told) == ""


def test_the_state_is_the_folder_incidents_of_the_office_and_is_not_made(tmp_path: Path) -> None:
    assert state_folder(tmp_path, {}) == (tmp_path / "incidents").resolve()
    assert not (tmp_path / "incidents").exists()


def test_bcp_state_moves_it_out_of_a_synchronised_office(tmp_path: Path) -> None:
    office = tmp_path / "Dropbox" / "office"
    moved = state_folder(office, {"BCP_STATE": str(tmp_path / "state")})
    assert moved == (tmp_path / "state").resolve()


def test_bcp_state_may_begin_with_the_sign_for_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    assert state_folder(tmp_path, {"BCP_STATE": "~/state"}) == (tmp_path / "state").resolve()


@pytest.mark.skipif(IS_WINDOWS, reason="on Windows any name is that of a home")
def test_a_home_that_nobody_has_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be reached"):
        state_folder(tmp_path, {"BCP_STATE": "~nobody-of-that-name/state"})


@needs_links
def test_a_link_into_a_synchronised_folder_is_followed(tmp_path: Path) -> None:
    (tmp_path / "Nextcloud" / "office").mkdir(parents=True)
    (tmp_path / "office").symlink_to(tmp_path / "Nextcloud" / "office")
    with pytest.raises(StoreError, match="Nextcloud"):
        state_folder(tmp_path / "office", {})


@needs_root
def test_a_disk_in_memory_is_on_this_computer(tmp_path: Path) -> None:
    def work() -> None:
        small_disk(tmp_path / "disk", "1m")
        assert state_folder(tmp_path / "disk", {}) == (tmp_path / "disk" / "incidents").resolve()

    in_own_mounts(work)
