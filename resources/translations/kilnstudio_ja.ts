<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ja_JP">
<context>
    <name>ChoiceNames</name>
    <message>
        <source>Automatic</source>
        <translation>自動</translation>
    </message>
    <message>
        <source>Original</source>
        <translation>オリジナル</translation>
    </message>
    <message>
        <source>No norm</source>
        <translation>正規化なし</translation>
    </message>
    <message>
        <source>Ignore</source>
        <translation>無視</translation>
    </message>
    <message>
        <source>None</source>
        <translation>なし</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>残す</translation>
    </message>
    <message>
        <source>Discard</source>
        <translation>省く</translation>
    </message>
    <message>
        <source>Epsilon</source>
        <translation>イプシロン</translation>
    </message>
    <message>
        <source>A1111 (CPU noise)</source>
        <translation>A1111（CPU ノイズ）</translation>
    </message>
    <message>
        <source>A1111 (NV noise)</source>
        <translation>A1111（NV ノイズ）</translation>
    </message>
    <message>
        <source>A1111 (GPU noise)</source>
        <translation>A1111（GPU ノイズ）</translation>
    </message>
    <message>
        <source>v-prediction</source>
        <translation>v 予測</translation>
    </message>
    <message>
        <source>On</source>
        <translation>オン</translation>
    </message>
    <message>
        <source>Off</source>
        <translation>オフ</translation>
    </message>
</context>
<context>
    <name>CommandSet</name>
    <message>
        <source>&amp;Take settings from a picture…</source>
        <translation>画像から設定を引き継ぐ(&amp;T)…</translation>
    </message>
    <message>
        <source>Read the settings written in a PNG, JPEG or WebP</source>
        <translation>PNG、JPEG、WebP に書かれた設定を読み込みます</translation>
    </message>
    <message>
        <source>Open the &amp;picture folder</source>
        <translation>画像フォルダーを開く(&amp;P)</translation>
    </message>
    <message>
        <source>Show where finished pictures are</source>
        <translation>完成した画像の場所を表示します</translation>
    </message>
    <message>
        <source>&amp;Save pictures in…</source>
        <translation>画像の保存先(&amp;S)…</translation>
    </message>
    <message>
        <source>Choose the folder for finished pictures</source>
        <translation>完成した画像のフォルダーを選びます</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>終了(&amp;Q)</translation>
    </message>
    <message>
        <source>Close the studio</source>
        <translation>スタジオを閉じます</translation>
    </message>
    <message>
        <source>&amp;Undo</source>
        <translation>元に戻す(&amp;U)</translation>
    </message>
    <message>
        <source>Take back the last change of the settings</source>
        <translation>直前の設定変更を取り消します</translation>
    </message>
    <message>
        <source>&amp;Redo</source>
        <translation>やり直す(&amp;R)</translation>
    </message>
    <message>
        <source>Make the change again that was taken back</source>
        <translation>取り消した変更をもう一度行います</translation>
    </message>
    <message>
        <source>&amp;Copy picture</source>
        <translation>画像をコピー(&amp;C)</translation>
    </message>
    <message>
        <source>&amp;Fit picture</source>
        <translation>全体を表示(&amp;F)</translation>
    </message>
    <message>
        <source>Show the whole picture</source>
        <translation>画像全体を表示します</translation>
    </message>
    <message>
        <source>&amp;100 %</source>
        <translation>&amp;100 %</translation>
    </message>
    <message>
        <source>One pixel of the picture is one pixel of the screen</source>
        <translation>画像の 1 ピクセルを画面の 1 ピクセルで表示します</translation>
    </message>
    <message>
        <source>&amp;200 %</source>
        <translation>&amp;200 %</translation>
    </message>
    <message>
        <source>Show the picture at double size</source>
        <translation>画像を 2 倍で表示します</translation>
    </message>
    <message>
        <source>Zoom &amp;in</source>
        <translation>拡大(&amp;I)</translation>
    </message>
    <message>
        <source>Show the picture larger</source>
        <translation>画像を大きく表示します</translation>
    </message>
    <message>
        <source>Zoom &amp;out</source>
        <translation>縮小(&amp;O)</translation>
    </message>
    <message>
        <source>Show the picture smaller</source>
        <translation>画像を小さく表示します</translation>
    </message>
    <message>
        <source>&amp;Parameters</source>
        <translation>パラメーター(&amp;P)</translation>
    </message>
    <message>
        <source>Show or hide prompt and parameters</source>
        <translation>プロンプトとパラメーターの表示を切り替えます</translation>
    </message>
    <message>
        <source>&amp;LoRAs</source>
        <translation>LoRA(&amp;L)</translation>
    </message>
    <message>
        <source>Show or hide the LoRA panel</source>
        <translation>LoRA パネルの表示を切り替えます</translation>
    </message>
    <message>
        <source>Pi&amp;ctures</source>
        <translation>画像(&amp;C)</translation>
    </message>
    <message>
        <source>Show or hide the strip of pictures</source>
        <translation>画像一覧の表示を切り替えます</translation>
    </message>
    <message>
        <source>&amp;Generate</source>
        <translation>生成(&amp;G)</translation>
    </message>
    <message>
        <source>Make the picture</source>
        <translation>画像を生成します</translation>
    </message>
    <message>
        <source>&amp;Stop</source>
        <translation>停止(&amp;S)</translation>
    </message>
    <message>
        <source>Stop the picture that is being made</source>
        <translation>生成中の画像を停止します</translation>
    </message>
    <message>
        <source>Remove &amp;waiting jobs</source>
        <translation>待機中のジョブを削除(&amp;W)</translation>
    </message>
    <message>
        <source>Remove the jobs in line; the running one goes on</source>
        <translation>待機中のジョブを削除します。実行中のジョブは続きます</translation>
    </message>
    <message>
        <source>Write the &amp;prompt</source>
        <translation>プロンプトを書く(&amp;P)</translation>
    </message>
    <message>
        <source>Put the cursor into the prompt</source>
        <translation>カーソルをプロンプトに移します</translation>
    </message>
    <message>
        <source>Take over everything the picture was made with</source>
        <translation>この画像を作った設定をすべて引き継ぎます</translation>
    </message>
    <message>
        <source>Make the next picture from the same noise</source>
        <translation>次の画像を同じノイズから作ります</translation>
    </message>
    <message>
        <source>Add a &amp;model folder…</source>
        <translation>モデルのフォルダーを追加(&amp;M)…</translation>
    </message>
    <message>
        <source>Look for models in one more folder</source>
        <translation>別のフォルダーでもモデルを探します</translation>
    </message>
    <message>
        <source>Add a &amp;LoRA folder…</source>
        <translation>LoRA のフォルダーを追加(&amp;L)…</translation>
    </message>
    <message>
        <source>Look for LoRAs in one more folder</source>
        <translation>別のフォルダーでも LoRA を探します</translation>
    </message>
    <message>
        <source>Look through the folders &amp;again</source>
        <translation>フォルダーを再検索(&amp;A)</translation>
    </message>
    <message>
        <source>Find models and LoRAs that were added or removed</source>
        <translation>追加・削除されたモデルと LoRA を調べます</translation>
    </message>
    <message>
        <source>Copy &amp;diagnostics</source>
        <translation>診断情報をコピー(&amp;D)</translation>
    </message>
    <message>
        <source>Copy a report about studio and machine to the clipboard, without your prompt</source>
        <translation>スタジオとマシンの情報をクリップボードにコピーします。プロンプトは含みません</translation>
    </message>
    <message>
        <source>&amp;What is this?</source>
        <translation>これは何？(&amp;W)</translation>
    </message>
    <message>
        <source>Click on a control to read what it does</source>
        <translation>項目をクリックすると説明を表示します</translation>
    </message>
    <message>
        <source>&amp;About Kiln Studio</source>
        <translation>Kiln Studio について(&amp;A)</translation>
    </message>
    <message>
        <source>Version and licences</source>
        <translation>バージョンとライセンス</translation>
    </message>
    <message>
        <source>Copy the selected picture to the clipboard</source>
        <translation>選択中の画像をクリップボードにコピーします</translation>
    </message>
    <message>
        <source>Use the settings of the selected picture</source>
        <translation>選択中の画像の設定を使う</translation>
    </message>
    <message>
        <source>Use the seed of the selected picture</source>
        <translation>選択中の画像のシード値を使う</translation>
    </message>
    <message>
        <source>Generate &amp;first</source>
        <translation>最初に生成(&amp;F)</translation>
    </message>
    <message>
        <source>Make this picture before all others; the one at work goes on afterwards</source>
        <translation>この画像をほかのすべてより先に作ります。作成中の画像はその後で続きます</translation>
    </message>
    <message>
        <source>P&amp;ause</source>
        <translation>一時停止(&amp;A)</translation>
    </message>
    <message>
        <source>Put the picture aside where it is and go on with it later</source>
        <translation>画像を今のところで中断し、後で続けます</translation>
    </message>
</context>
<context>
    <name>Durations</name>
    <message>
        <source>%1 s</source>
        <translation>%1 秒</translation>
    </message>
    <message>
        <source>%1 min %2 s</source>
        <translation>%1 分 %2 秒</translation>
    </message>
    <message>
        <source>%1 s/it</source>
        <translation>%1 s/it</translation>
    </message>
    <message>
        <source>%1 it/s</source>
        <translation>%1 it/s</translation>
    </message>
    <message>
        <source>%1 MiB</source>
        <translation>%1 MiB</translation>
    </message>
    <message>
        <source>%1 GiB</source>
        <translation>%1 GiB</translation>
    </message>
    <message>
        <source>about %1 s</source>
        <translation>約 %1 秒</translation>
    </message>
    <message>
        <source>about %1 s (%2 to %3 s)</source>
        <translation>約 %1 秒（%2～%3 秒）</translation>
    </message>
    <message>
        <source>about %1 min</source>
        <translation>約 %1 分</translation>
    </message>
    <message>
        <source>about %1 min (%2 to %3 min)</source>
        <translation>約 %1 分（%2～%3 分）</translation>
    </message>
    <message>
        <source>about %1 h</source>
        <translation>約 %1 時間</translation>
    </message>
    <message>
        <source>about %1 h (%2 to %3 h)</source>
        <translation>約 %1 時間（%2～%3 時間）</translation>
    </message>
    <message>
        <source>less than a second</source>
        <translation>1 秒未満</translation>
    </message>
</context>
<context>
    <name>Engine</name>
    <message>
        <source>No model is chosen.</source>
        <translation>モデルが選択されていません。</translation>
    </message>
    <message>
        <source>The prompt joins %1 prompts by AND; at most %2 are possible.</source>
        <translation>プロンプトは AND で %1 個をつないでいます。最大 %2 個までです。</translation>
    </message>
    <message>
        <source>The prompt becomes %1 different texts in the course of the steps; at most %2 are possible.</source>
        <translation>プロンプトはステップの途中で %1 通りの文になります。最大 %2 通りまでです。</translation>
    </message>
    <message>
        <source>The LoRA %1 was made for %2 models, not for %3.</source>
        <translation>LoRA %1 は %2 のモデル用で、%3 用ではありません。</translation>
    </message>
    <message>
        <source>The LoRA %1 was made for another kind of model: none of its layers is in this one.</source>
        <translation>LoRA %1 は別の種類のモデル用です。このモデルに合う層がひとつもありません。</translation>
    </message>
    <message>
        <source>%1 was made for another model: a layer has another size.</source>
        <translation>%1 は別のモデル用です。大きさの異なる層があります。</translation>
    </message>
    <message>
        <source>%1 has a layer that does not fit together.</source>
        <translation>%1 に内容の合っていない層があります。</translation>
    </message>
    <message>
        <source>The block weights of the LoRA %1 are not understood.</source>
        <translation>LoRA %1 のブロックごとの強さを解釈できません。</translation>
    </message>
    <message>
        <source>Not carried out: %1.</source>
        <translation>実行されません：%1</translation>
    </message>
    <message>
        <source>Outside the range that is possible here: %1.</source>
        <translation>ここで可能な範囲の外です：%1</translation>
    </message>
    <message>
        <source>A further pass is not carried out: %1.</source>
        <translation>追加の工程は実行されません：%1</translation>
    </message>
    <message>
        <source>The work began from another picture, which is not in the file.</source>
        <translation>元になった別の画像はファイルに含まれていません。</translation>
    </message>
    <message>
        <source>The work began from another picture (%1), which is not in the file.</source>
        <translation>元になった別の画像（%1）はファイルに含まれていません。</translation>
    </message>
    <message>
        <source>The step “%1” of the graph is not carried out.</source>
        <translation>グラフの工程「%1」は実行されません。</translation>
    </message>
    <message>
        <source>The noise was drawn in another way (%1): the picture will be a similar one.</source>
        <translation>ノイズの作り方が異なります（%1）。似た画像になります。</translation>
    </message>
    <message>
        <source>A layer of the LoRA does not fit together.</source>
        <translation>LoRA の層の内容が合っていません。</translation>
    </message>
    <message>
        <source>This file is not a LoRA.</source>
        <translation>このファイルは LoRA ではありません。</translation>
    </message>
    <message>
        <source>%1 is %2; it must be a multiple of 8, for example %3 or %4.</source>
        <translation>%1は %2 です。%3 や %4 のように 8 の倍数にしてください。</translation>
    </message>
    <message>
        <source>%1 is %2; it must be from %3 to %4.</source>
        <translation>%1は %2 です。%3 から %4 の範囲にしてください。</translation>
    </message>
    <message>
        <source>%1 is longer than 65,536 bytes.</source>
        <translation>%1が 65,536 バイトを超えています。</translation>
    </message>
    <message>
        <source>The weight of LoRA %1 is %2; it must be from -100 to 100.</source>
        <translation>LoRA %1 の強さは %2 です。-100 から 100 の範囲にしてください。</translation>
    </message>
    <message>
        <source>The file&apos;s UNet does not fit together: its two halves differ in layers.</source>
        <translation>ファイルの UNet の内容が合っていません。前半と後半の層の数が異なります。</translation>
    </message>
    <message>
        <source>The file&apos;s UNet has a width that this layout cannot have.</source>
        <translation>ファイルの UNet の幅がこの構成ではありえません。</translation>
    </message>
    <message>
        <source>The file&apos;s UNet has no cross-attention, so it cannot follow a prompt.</source>
        <translation>ファイルの UNet にクロスアテンションがないため、プロンプトに従えません。</translation>
    </message>
    <message>
        <source>The file&apos;s UNet is incomplete or not one of this kind.</source>
        <translation>ファイルの UNet が不完全か、対応していない種類です。</translation>
    </message>
    <message>
        <source>%1 is not a PNG, JPEG or WebP picture.</source>
        <translation>%1 は PNG、JPEG、WebP の画像ではありません。</translation>
    </message>
    <message>
        <source>%1 is not a file with a picture.</source>
        <translation>%1 は画像のファイルではありません。</translation>
    </message>
    <message>
        <source>%1 pictures end at %2 pixels a side; choose PNG.</source>
        <translation>%1 の画像は一辺 %2 ピクセルまでです。PNG を選択してください。</translation>
    </message>
    <message>
        <source>Pictures are written as .png, .jpg or .webp, not as &quot;%1&quot;.</source>
        <translation>画像は .png、.jpg、.webp で保存します。「%1」では保存できません。</translation>
    </message>
    <message>
        <source>The JPEG file is broken: it names no picture size.</source>
        <translation>JPEG ファイルが壊れています。画像サイズの記載がありません。</translation>
    </message>
    <message>
        <source>The PNG file has no picture header.</source>
        <translation>PNG ファイルに画像のヘッダーがありません。</translation>
    </message>
    <message>
        <source>The PNG file names an impossible size.</source>
        <translation>PNG ファイルの画像サイズが不正です。</translation>
    </message>
    <message>
        <source>The WebP file is broken: it names no picture size.</source>
        <translation>WebP ファイルが壊れています。画像サイズの記載がありません。</translation>
    </message>
    <message>
        <source>The disk is full: the picture could not be written into the folder &quot;%1&quot;. Free some space or choose another folder.</source>
        <translation>ディスクがいっぱいで、画像をフォルダー「%1」に保存できませんでした。空きを作るか、別のフォルダーを選択してください。</translation>
    </message>
    <message>
        <source>The file %1 cannot be opened.</source>
        <translation>ファイル %1 を開けません。</translation>
    </message>
    <message>
        <source>The file is not a PNG picture.</source>
        <translation>PNG の画像ではありません。</translation>
    </message>
    <message>
        <source>The file name of the picture is too long for the folder &quot;%1&quot;.</source>
        <translation>画像のファイル名がフォルダー「%1」には長すぎます。</translation>
    </message>
    <message>
        <source>The folder &quot;%1&quot; is not there and cannot be made.</source>
        <translation>フォルダー「%1」がなく、作成もできません。</translation>
    </message>
    <message>
        <source>The folder &quot;%1&quot; may not be written to. Choose another folder or change its permissions.</source>
        <translation>フォルダー「%1」には書き込めません。別のフォルダーを選択するか、権限を変更してください。</translation>
    </message>
    <message>
        <source>The picture %1 is broken or cut short.</source>
        <translation>画像 %1 は壊れているか、途中で切れています。</translation>
    </message>
    <message>
        <source>The picture could not be encoded as %1.</source>
        <translation>画像を %1 に変換できませんでした。</translation>
    </message>
    <message>
        <source>The picture could not be encoded as PNG.</source>
        <translation>画像を PNG に変換できませんでした。</translation>
    </message>
    <message>
        <source>The picture could not be encoded as WebP.</source>
        <translation>画像を WebP に変換できませんでした。</translation>
    </message>
    <message>
        <source>The picture could not be read.</source>
        <translation>画像を読み込めませんでした。</translation>
    </message>
    <message>
        <source>The picture could not be written into the folder &quot;%1&quot;.</source>
        <translation>画像をフォルダー「%1」に保存できませんでした。</translation>
    </message>
    <message>
        <source>The picture could not be written.</source>
        <translation>画像を保存できませんでした。</translation>
    </message>
    <message>
        <source>The picture is larger than 16384 × 16384 pixels.</source>
        <translation>画像が 16384 × 16384 ピクセルを超えています。</translation>
    </message>
    <message>
        <source>The picture is larger than a file may be in the folder &quot;%1&quot;.</source>
        <translation>画像がフォルダー「%1」で許されるファイルの大きさを超えています。</translation>
    </message>
    <message>
        <source>The picture to write is not complete.</source>
        <translation>保存する画像が完全ではありません。</translation>
    </message>
    <message>
        <source>The prompt is too long for the metadata of a JPEG picture; choose PNG or WebP.</source>
        <translation>プロンプトが JPEG の付属情報には長すぎます。PNG か WebP を選択してください。</translation>
    </message>
    <message>
        <source>The request is longer than 4 MiB.</source>
        <translation>リクエストが 4 MiB を超えています。</translation>
    </message>
    <message>
        <source>The request is not a JSON object.</source>
        <translation>リクエストが JSON オブジェクトではありません。</translation>
    </message>
    <message>
        <source>The value of &quot;%1&quot; is not %2.</source>
        <translation>「%1」の値が正しくありません（必要なもの：%2）。</translation>
    </message>
    <message>
        <source>There is not enough memory to encode the picture.</source>
        <translation>画像を変換するためのメモリが足りません。</translation>
    </message>
    <message>
        <source>There is not enough memory to open the picture.</source>
        <translation>画像を開くためのメモリが足りません。</translation>
    </message>
    <message>
        <source>There is not enough memory to read the request.</source>
        <translation>リクエストを読むためのメモリが足りません。</translation>
    </message>
    <message>
        <source>There is not enough memory to write the picture.</source>
        <translation>画像を保存するためのメモリが足りません。</translation>
    </message>
    <message>
        <source>Unknown picture format.</source>
        <translation>未知の画像形式です。</translation>
    </message>
    <message>
        <source>This build of the engine has no GPU back end.</source>
        <translation>このビルドのエンジンは GPU に対応していません。</translation>
    </message>
    <message>
        <source>Chosen by hand.</source>
        <translation>手動で選ばれました。</translation>
    </message>
    <message>
        <source>No VAE: add one, or put it beside the model as &lt;model&gt;.vae.safetensors.</source>
        <translation>VAE がありません。追加するか、&lt;model&gt;.vae.safetensors としてモデルの隣に置いてください。</translation>
    </message>
    <message>
        <source>Repeats must be from 1 to 1000.</source>
        <translation>繰り返しは 1 から 1000 の範囲にしてください。</translation>
    </message>
    <message>
        <source>The VAE does not belong to this model: their latents differ.</source>
        <translation>この VAE はこのモデルのものではありません。潜在表現が異なります。</translation>
    </message>
    <message>
        <source>The engine failed in a way it should not.</source>
        <translation>エンジンが予期しない形で失敗しました。</translation>
    </message>
    <message>
        <source>The folder for the pictures cannot be written to: %1.</source>
        <translation>画像のフォルダーに書き込めません：%1</translation>
    </message>
    <message>
        <source>The measurement was stopped.</source>
        <translation>測定は中止されました。</translation>
    </message>
    <message>
        <source>The model&apos;s UNet expects more than its text encoders give; this kind is not known.</source>
        <translation>モデルの UNet が、テキストエンコーダーの出力以上のものを必要としています。この種類には対応していません。</translation>
    </message>
    <message>
        <source>The picture could not be written to its folder; it was saved as %1.</source>
        <translation>画像を指定のフォルダーに保存できなかったため、%1 に保存しました。</translation>
    </message>
    <message>
        <source>The text encoder does not belong to this model: their widths differ.</source>
        <translation>このテキストエンコーダーはこのモデルのものではありません。幅が異なります。</translation>
    </message>
    <message>
        <source>This is an editing or upscaling model; it needs a picture to start from.</source>
        <translation>編集用または拡大用のモデルです。元になる画像が必要です。</translation>
    </message>
    <message>
        <source>The picture turned into numbers that are not finite at step %1; precision fp32 or another model may help.</source>
        <translation>ステップ %1 で画像の計算が無限大や非数になりました。精度を fp32 にするか、別のモデルを試してください。</translation>
    </message>
    <message>
        <source>The prediction type must be settled before denoising.</source>
        <translation>ノイズ除去の前に予測の種類を決める必要があります。</translation>
    </message>
    <message>
        <source>The saved sampling state is broken.</source>
        <translation>保存されたサンプリングの状態が壊れています。</translation>
    </message>
    <message>
        <source>The saved state of the noise is broken.</source>
        <translation>保存されたノイズの状態が壊れています。</translation>
    </message>
    <message>
        <source>The file&apos;s text encoder has an impossible width.</source>
        <translation>ファイルのテキストエンコーダーの幅が不正です。</translation>
    </message>
    <message>
        <source>The file&apos;s text encoder has no layers.</source>
        <translation>ファイルのテキストエンコーダーに層がありません。</translation>
    </message>
    <message>
        <source>The file&apos;s text encoder is not a CLIP text encoder.</source>
        <translation>ファイルのテキストエンコーダーは CLIP のものではありません。</translation>
    </message>
    <message>
        <source>The model&apos;s text encoder does not use CLIP&apos;s vocabulary.</source>
        <translation>モデルのテキストエンコーダーは CLIP の語彙を使っていません。</translation>
    </message>
    <message>
        <source>The encoder and the decoder of the file&apos;s small VAE do not agree.</source>
        <translation>ファイルの小型 VAE のエンコーダーとデコーダーが一致しません。</translation>
    </message>
    <message>
        <source>The file has no VAE decoder.</source>
        <translation>ファイルに VAE のデコーダーがありません。</translation>
    </message>
    <message>
        <source>The file has no decoder.</source>
        <translation>ファイルにデコーダーがありません。</translation>
    </message>
    <message>
        <source>The file&apos;s VAE is incomplete or not one of this kind.</source>
        <translation>ファイルの VAE が不完全か、対応していない種類です。</translation>
    </message>
    <message>
        <source>The file&apos;s VAE shrinks pictures more than this program can use.</source>
        <translation>ファイルの VAE の縮小率がこのプログラムで使える範囲を超えています。</translation>
    </message>
    <message>
        <source>The file&apos;s small VAE does not make pictures of three colours.</source>
        <translation>ファイルの小型 VAE は三色の画像を作りません。</translation>
    </message>
    <message>
        <source>The file&apos;s small VAE is incomplete.</source>
        <translation>ファイルの小型 VAE が不完全です。</translation>
    </message>
    <message>
        <source>The layers of the file&apos;s small VAE do not fit together.</source>
        <translation>ファイルの小型 VAE の層の内容が合っていません。</translation>
    </message>
    <message>
        <source>A part of the model is missing: %1.</source>
        <translation>モデルの一部が見つかりません：%1</translation>
    </message>
    <message>
        <source>A tensor in the file has too many dimensions.</source>
        <translation>ファイル内のテンソルの次元が多すぎます。</translation>
    </message>
    <message>
        <source>A tensor lies outside the numbers stored for it.</source>
        <translation>テンソルが保存されたデータの範囲を外れています。</translation>
    </message>
    <message>
        <source>A tensor was read into memory of another size.</source>
        <translation>テンソルが異なる大きさのメモリに読み込まれました。</translation>
    </message>
    <message>
        <source>A tensor without blocks was expanded.</source>
        <translation>ブロックのないテンソルが展開されました。</translation>
    </message>
    <message>
        <source>A tensor&apos;s rows in the file are no whole blocks.</source>
        <translation>ファイル内のテンソルの行がブロック単位になっていません。</translation>
    </message>
    <message>
        <source>A tensor&apos;s shape does not match the bytes stored for it.</source>
        <translation>テンソルの形状と保存されたバイト数が一致しません。</translation>
    </message>
    <message>
        <source>A tensor&apos;s shape in the file is impossible.</source>
        <translation>ファイル内のテンソルの形状が不正です。</translation>
    </message>
    <message>
        <source>A weight&apos;s scale in the file does not fit its shape.</source>
        <translation>ファイル内の重みのスケールが形状に合いません。</translation>
    </message>
    <message>
        <source>An entry lies outside the archive.</source>
        <translation>アーカイブの項目が範囲を外れています。</translation>
    </message>
    <message>
        <source>Blocks were expanded into memory of another size.</source>
        <translation>ブロックが異なる大きさのメモリに展開されました。</translation>
    </message>
    <message>
        <source>Entries of the archive overlap.</source>
        <translation>アーカイブの項目が重なっています。</translation>
    </message>
    <message>
        <source>The archive is compressed; model files are stored uncompressed.</source>
        <translation>アーカイブが圧縮されています。モデルのファイルは無圧縮で保存されます。</translation>
    </message>
    <message>
        <source>The archive is encrypted.</source>
        <translation>アーカイブが暗号化されています。</translation>
    </message>
    <message>
        <source>The archive names an entry twice.</source>
        <translation>アーカイブに同じ名前の項目が二つあります。</translation>
    </message>
    <message>
        <source>The archive&apos;s directory does not agree with its entries.</source>
        <translation>アーカイブの目録と項目が一致しません。</translation>
    </message>
    <message>
        <source>The file could not be opened: %1.</source>
        <translation>ファイルを開けませんでした：%1</translation>
    </message>
    <message>
        <source>The file could not be read to the end; it may have been changed or unplugged.</source>
        <translation>ファイルを最後まで読めませんでした。変更されたか、取り外された可能性があります。</translation>
    </message>
    <message>
        <source>The file describes a tensor incompletely.</source>
        <translation>ファイルのテンソルの記述が不完全です。</translation>
    </message>
    <message>
        <source>The file is a zip archive without its directory; it may be truncated.</source>
        <translation>目録のない zip アーカイブです。途中で切れている可能性があります。</translation>
    </message>
    <message>
        <source>The file is shorter than its header says; it may be truncated.</source>
        <translation>ファイルがヘッダーの記載より短いです。途中で切れている可能性があります。</translation>
    </message>
    <message>
        <source>The file is too short to be a safetensors file.</source>
        <translation>safetensors としては短すぎるファイルです。</translation>
    </message>
    <message>
        <source>The file lists too many tensors.</source>
        <translation>ファイルに記載されたテンソルが多すぎます。</translation>
    </message>
    <message>
        <source>The file names a tensor twice.</source>
        <translation>ファイルに同じ名前のテンソルが二つあります。</translation>
    </message>
    <message>
        <source>The file stores weights as %1, which this program cannot read.</source>
        <translation>ファイルの重みは %1 形式で、このプログラムでは読めません。</translation>
    </message>
    <message>
        <source>The file uses a number format that this program does not know.</source>
        <translation>ファイルの数値形式はこのプログラムでは扱えません。</translation>
    </message>
    <message>
        <source>The file was written on a computer with another byte order.</source>
        <translation>バイト順の異なるコンピューターで書かれたファイルです。</translation>
    </message>
    <message>
        <source>The file&apos;s %1 does not fit together: a tensor has an unexpected shape.</source>
        <translation>ファイルの%1の内容が合っていません。形状が想定と異なるテンソルがあります。</translation>
    </message>
    <message>
        <source>The file&apos;s %1 is incomplete: a tensor is missing.</source>
        <translation>ファイルの%1が不完全です。足りないテンソルがあります。</translation>
    </message>
    <message>
        <source>The file&apos;s header describes a tensor incompletely.</source>
        <translation>ファイルのヘッダーのテンソルの記述が不完全です。</translation>
    </message>
    <message>
        <source>The file&apos;s header is larger than the file.</source>
        <translation>ヘッダーがファイルより大きくなっています。</translation>
    </message>
    <message>
        <source>The file&apos;s header is larger than the file; it may be truncated.</source>
        <translation>ヘッダーがファイルより大きくなっています。ファイルが途中で切れている可能性があります。</translation>
    </message>
    <message>
        <source>The file&apos;s header is nested too deeply.</source>
        <translation>ファイルのヘッダーの入れ子が深すぎます。</translation>
    </message>
    <message>
        <source>The file&apos;s header is not a GGUF header.</source>
        <translation>ファイルのヘッダーは GGUF のものではありません。</translation>
    </message>
    <message>
        <source>The file&apos;s header is not a safetensors header.</source>
        <translation>ファイルのヘッダーは safetensors のものではありません。</translation>
    </message>
    <message>
        <source>The file&apos;s header is not valid JSON.</source>
        <translation>ファイルのヘッダーが正しい JSON ではありません。</translation>
    </message>
    <message>
        <source>The file&apos;s header is too long.</source>
        <translation>ファイルのヘッダーが長すぎます。</translation>
    </message>
    <message>
        <source>The file&apos;s header uses a type that this program does not know.</source>
        <translation>ファイルのヘッダーに未知の型があります。</translation>
    </message>
    <message>
        <source>The file&apos;s list of tensors ends too early.</source>
        <translation>テンソルの一覧が途中で終わっています。</translation>
    </message>
    <message>
        <source>The file&apos;s list of tensors is damaged.</source>
        <translation>テンソルの一覧が壊れています。</translation>
    </message>
    <message>
        <source>The file&apos;s list of tensors is nested too deeply.</source>
        <translation>テンソルの一覧の入れ子が深すぎます。</translation>
    </message>
    <message>
        <source>The file&apos;s list of tensors is of a newer kind.</source>
        <translation>テンソルの一覧が新しい形式で、対応していません。</translation>
    </message>
    <message>
        <source>The file&apos;s list of tensors is too long.</source>
        <translation>テンソルの一覧が長すぎます。</translation>
    </message>
    <message>
        <source>The file&apos;s list of tensors uses an unknown instruction.</source>
        <translation>テンソルの一覧に未知の命令があります。</translation>
    </message>
    <message>
        <source>The file&apos;s zip directory is damaged.</source>
        <translation>zip の目録が壊れています。</translation>
    </message>
    <message>
        <source>The numbers of a tensor are missing in the file.</source>
        <translation>ファイルにテンソルの数値がありません。</translation>
    </message>
    <message>
        <source>There is no such file: %1.</source>
        <translation>ファイルがありません：%1</translation>
    </message>
    <message>
        <source>This folder is not a diffusers model: it has no unet, text_encoder or vae folder with weight files.</source>
        <translation>このフォルダーは diffusers のモデルではありません。重みのファイルを含む unet、text_encoder、vae のフォルダーがありません。</translation>
    </message>
    <message>
        <source>This is not a GGUF file.</source>
        <translation>GGUF ファイルではありません。</translation>
    </message>
    <message>
        <source>This is not a file that PyTorch wrote.</source>
        <translation>PyTorch が書いたファイルではありません。</translation>
    </message>
    <message>
        <source>This is not a file: %1.</source>
        <translation>ファイルではありません：%1</translation>
    </message>
    <message>
        <source>This is not a safetensors file, or its header is damaged.</source>
        <translation>safetensors ファイルではないか、ヘッダーが壊れています。</translation>
    </message>
    <message>
        <source>This zip archive is not a PyTorch file.</source>
        <translation>この zip アーカイブは PyTorch のファイルではありません。</translation>
    </message>
    <message>
        <source>Two tensors in the file overlap.</source>
        <translation>ファイル内の二つのテンソルが重なっています。</translation>
    </message>
    <message>
        <source>text encoder</source>
        <translation>テキストエンコーダー</translation>
    </message>
    <message>
        <source>The width is %1; with this model&apos;s VAE it must be a multiple of %2.</source>
        <translation>幅は %1 です。このモデルの VAE では %2 の倍数にしてください。</translation>
    </message>
    <message>
        <source>The height is %1; with this model&apos;s VAE it must be a multiple of %2.</source>
        <translation>高さは %1 です。このモデルの VAE では %2 の倍数にしてください。</translation>
    </message>
    <message>
        <source>The prompt has %1 tokens in %2 chunks of 75; at most %3 chunks are possible.</source>
        <translation>プロンプトは %1 トークンで、75 トークンの区切りが %2 個あります。最大 %3 個までです。</translation>
    </message>
    <message>
        <source>The negative prompt has %1 tokens in %2 chunks of 75; at most %3 chunks are possible.</source>
        <translation>ネガティブプロンプトは %1 トークンで、75 トークンの区切りが %2 個あります。最大 %3 個までです。</translation>
    </message>
    <message>
        <source>%1 pictures could not be written to their folder; they were saved in %2.</source>
        <translation>%1 枚の画像を指定のフォルダーに保存できなかったため、%2 に保存しました。</translation>
    </message>
    <message>
        <source>Memory is full.</source>
        <translation>メモリがいっぱいです。</translation>
    </message>
    <message>
        <source>Sigmas must be numbers above 0 in descending order, like 14.6, 5, 1, 0.1; at most 1000.</source>
        <translation>シグマは 14.6, 5, 1, 0.1 のように、0 より大きい数を大きい順に並べてください。最大 1000 個までです。</translation>
    </message>
    <message>
        <source>%1 cannot refine pictures of %2: one predicts noise, the other velocity.</source>
        <translation>%1 は %2 の画像を仕上げられません。片方はノイズを、もう片方は速度を予測します。</translation>
    </message>
    <message>
        <source>%1 cannot refine pictures of %2: their latents differ.</source>
        <translation>%1 は %2 の画像を仕上げられません。潜在表現が異なります。</translation>
    </message>
    <message>
        <source>%1 has no %2 text encoder. Add a file with it (--text-encoder).</source>
        <translation>%1 に %2 のテキストエンコーダーがありません。それを含むファイルを追加してください（--text-encoder）。</translation>
    </message>
    <message>
        <source>%1 has no %2 text encoder. Add a file with it (--text-encoder-2).</source>
        <translation>%1 に %2 のテキストエンコーダーがありません。それを含むファイルを追加してください（--text-encoder-2）。</translation>
    </message>
    <message>
        <source>%1 has no UNet. Choose a checkpoint; VAE, LoRA and text encoder files go with one.</source>
        <translation>%1 に UNet がありません。チェックポイントを選択してください。VAE、LoRA、テキストエンコーダーのファイルはそれと組み合わせて使います。</translation>
    </message>
    <message>
        <source>%1 has no VAE encoder. An inpainting model needs one: choose a VAE that has it.</source>
        <translation>%1 に VAE のエンコーダーがありません。インペイントモデルには必要です。それを含む VAE を選択してください。</translation>
    </message>
    <message>
        <source>%1 has no VAE. Add one (--vae), or put it beside the model as %2.vae.safetensors.</source>
        <translation>%1 に VAE がありません。追加するか（--vae）、%2.vae.safetensors としてモデルの隣に置いてください。</translation>
    </message>
    <message>
        <source>%1 has no VAE. Choose a file with one.</source>
        <translation>%1 に VAE がありません。それを含むファイルを選択してください。</translation>
    </message>
    <message>
        <source>%1 has no text encoder. Choose a file with one.</source>
        <translation>%1 にテキストエンコーダーがありません。それを含むファイルを選択してください。</translation>
    </message>
    <message>
        <source>%1 is a model of the family %2, which this version cannot use; SD 1.x, SD 2.x and SDXL it can.</source>
        <translation>%1 は %2 系のモデルで、このバージョンでは使えません。SD 1.x、SD 2.x、SDXL に対応しています。</translation>
    </message>
    <message>
        <source>A folder cannot be converted; name one of its files.</source>
        <translation>フォルダーは変換できません。中のファイルを指定してください。</translation>
    </message>
    <message>
        <source>GGUF files cannot store fp8; choose q8_0, or a .safetensors file.</source>
        <translation>GGUF には fp8 を保存できません。q8_0 か .safetensors のファイルを選択してください。</translation>
    </message>
    <message>
        <source>Input and output are the same file.</source>
        <translation>入力と出力が同じファイルです。</translation>
    </message>
    <message>
        <source>The file has numbers that are not finite; they cannot be stored in blocks.</source>
        <translation>ファイルに無限大や非数が含まれるため、ブロック形式では保存できません。</translation>
    </message>
    <message>
        <source>The file holds no tensors.</source>
        <translation>ファイルにテンソルがありません。</translation>
    </message>
    <message>
        <source>The output&apos;s name must end with .safetensors or .gguf.</source>
        <translation>出力の名前は .safetensors か .gguf で終わる必要があります。</translation>
    </message>
    <message>
        <source>What was written does not read back the same; the disk may be failing.</source>
        <translation>書き込んだ内容を読み直すと一致しません。ディスクが故障している可能性があります。</translation>
    </message>
    <message>
        <source>A tensor was written with another size than planned.</source>
        <translation>テンソルが予定と異なる大きさで書き込まれました。</translation>
    </message>
    <message>
        <source>Numbers were rounded to blocks of another size.</source>
        <translation>数値が異なる大きさのブロックに丸められました。</translation>
    </message>
    <message>
        <source>The disk is full: the file &quot;%1&quot; could not be written.</source>
        <translation>ディスクがいっぱいで、ファイル「%1」を保存できませんでした。</translation>
    </message>
    <message>
        <source>The file &quot;%1&quot; could not be written.</source>
        <translation>ファイル「%1」を保存できませんでした。</translation>
    </message>
    <message>
        <source>The file &quot;%1&quot; is larger than a file may be there.</source>
        <translation>ファイル「%1」がその場所で許される大きさを超えています。</translation>
    </message>
    <message>
        <source>The folder of &quot;%1&quot; is not there.</source>
        <translation>「%1」のフォルダーがありません。</translation>
    </message>
    <message>
        <source>The folder of &quot;%1&quot; may not be written to.</source>
        <translation>「%1」のフォルダーには書き込めません。</translation>
    </message>
    <message>
        <source>There is already a file &quot;%1&quot;.</source>
        <translation>ファイル「%1」はすでにあります。</translation>
    </message>
    <message>
        <source>%1 is not a LoRA file.</source>
        <translation>%1 は LoRA のファイルではありません。</translation>
    </message>
    <message>
        <source>The LoRA stores its numbers as %1, which is not supported.</source>
        <translation>LoRA の数値形式 %1 には対応していません。</translation>
    </message>
    <message>
        <source>The format %1 is stored in .gguf files only.</source>
        <translation>形式 %1 は .gguf のファイルにのみ保存できます。</translation>
    </message>
    <message>
        <source>There is already a file &quot;%1&quot;; --force replaces it.</source>
        <translation>ファイル「%1」はすでにあります。--force で置き換えます。</translation>
    </message>
    <message>
        <source>The list of the model&apos;s files is damaged: %1.</source>
        <translation>モデルのファイルの一覧が壊れています：%1</translation>
    </message>
    <message>
        <source>The prompt asks for %1, which this version does not know.</source>
        <translation>プロンプトにある %1 は、このバージョンでは対応していません。</translation>
    </message>
    <message>
        <source>The prompt asks for the LoRA &quot;%1&quot;, which is not in the LoRA folders.</source>
        <translation>プロンプトが求める LoRA「%1」は LoRA フォルダーにありません。</translation>
    </message>
    <message>
        <source>%1 cannot refine pictures of %2: their noise levels differ.</source>
        <translation>%1 は %2 の画像をリファインできません：ノイズレベルが異なります。</translation>
    </message>
    <message>
        <source>The model&apos;s latent statistics do not fit its UNet.</source>
        <translation>モデルの潜在表現の統計値が UNet に合いません。</translation>
    </message>
    <message>
        <source>Of the LoRA %1, %2 of %3 layers fit this model; the others are left out.</source>
        <translation>LoRA %1 の %3 層のうち %2 層がこのモデルに合います。残りは省かれます。</translation>
    </message>
    <message>
        <source>Of the LoRA %1, %2 of %3 layers fit this model; those of the UNet are left out.</source>
        <translation>LoRA %1 の %3 層のうち %2 層がこのモデルに合います。UNet の層は省かれます。</translation>
    </message>
    <message>
        <source>Of the LoRA %1, %2 of %3 layers fit this model; those of the text encoder are left out.</source>
        <translation>LoRA %1 の %3 層のうち %2 層がこのモデルに合います。テキストエンコーダーの層は省かれます。</translation>
    </message>
    <message>
        <source>A1111 walks %1 on steps of its own.</source>
        <translation>A1111 の %1 は独自のステップを使います。</translation>
    </message>
    <message>
        <source>As set, the sampler adds no fresh noise.</source>
        <translation>今の設定では、このサンプラーは新しいノイズを加えません。</translation>
    </message>
    <message>
        <source>Guidance is off while it is 1.</source>
        <translation>ガイダンスが 1 の間は無効です。</translation>
    </message>
    <message>
        <source>It counts only with a dynamic threshold below 1.</source>
        <translation>動的しきい値が 1 未満のときだけ働きます。</translation>
    </message>
    <message>
        <source>It counts only with churn above 0.</source>
        <translation>チャーンが 0 より大きいときだけ働きます。</translation>
    </message>
    <message>
        <source>No refiner is chosen.</source>
        <translation>リファイナーが選ばれていません。</translation>
    </message>
    <message>
        <source>Only noise of a graphics card depends on it: A1111 (GPU noise) and ComfyUI.</source>
        <translation>グラフィックカードのノイズ（A1111（GPU ノイズ）と ComfyUI）だけに関係します。</translation>
    </message>
    <message>
        <source>Sigmas of your own take its place.</source>
        <translation>代わりにシグマ列が使われます。</translation>
    </message>
    <message>
        <source>The sampler %1 chooses its steps itself.</source>
        <translation>サンプラー %1 は自分でステップを決めます。</translation>
    </message>
    <message>
        <source>The sampler %1 does not use it.</source>
        <translation>サンプラー %1 では使われません。</translation>
    </message>
    <message>
        <source>%1: a trial took %2 ms in fp32 and %3 ms in bf16 on this processor.</source>
        <translation>%1：このプロセッサーでの試行は fp32 で %2 ms、bf16 で %3 ms でした。</translation>
    </message>
    <message>
        <source>%1: this processor has no fast bf16 arithmetic.</source>
        <translation>%1：このプロセッサーには高速な bf16 演算がありません。</translation>
    </message>
    <message>
        <source>%1: the fast format of this GPU.</source>
        <translation>%1：この GPU で高速な形式です。</translation>
    </message>
    <message>
        <source>Only A1111 has this setting.</source>
        <translation>A1111 だけにある設定です。</translation>
    </message>
    <message>
        <source>Only versions of A1111 and of ComfyUI on the CPU differ.</source>
        <translation>A1111 と CPU の ComfyUI だけが版によって異なります。</translation>
    </message>
    <message>
        <source>%1 is reproduced by the rules of %2, the nearest: the picture may be a similar one.</source>
        <translation>%1 は最も近い %2 の規則で再現します。似た画像になることがあります。</translation>
    </message>
    <message>
        <source>The noise came from a graphics card that the picture does not name. Up to 512 × 512 pixels and a little more all cards draw the same; for larger pictures say how many GPU threads that card has (--gpu-threads).</source>
        <translation>ノイズは画像に記されていない GPU で生成されました。512 × 512 を少し超える大きさまではどの GPU でも同じです。それより大きい画像では、その GPU のスレッド数を指定してください（--gpu-threads）。</translation>
    </message>
    <message>
        <source>The picture does not say which version of the program made it; %1 is assumed.</source>
        <translation>画像には作成したプログラムのバージョンが記されていないため、%1 とみなします。</translation>
    </message>
    <message>
        <source>The picture is one of a batch of %1, which can only be made again together.</source>
        <translation>この画像は %1 枚のバッチの一枚で、まとめてのみ再現できます。</translation>
    </message>
    <message>
        <source>The prompt is longer than 75 tokens; as in diffusers the last %1 are left out.</source>
        <translation>プロンプトが 75 トークンを超えています。diffusers と同様に末尾の %1 トークンは使われません。</translation>
    </message>
    <message>
        <source>The choice for the model could not be kept: %1.</source>
        <translation>モデルの選択を保存できませんでした：%1</translation>
    </message>
    <message>
        <source>A batch size of 1 and a larger batch count: the same number of pictures.</source>
        <translation>バッチサイズを 1 にしてバッチ回数を増やす：画像の枚数は同じです。</translation>
    </message>
    <message>
        <source>A size of %1 × %2.</source>
        <translation>サイズを %1 × %2 にする。</translation>
    </message>
    <message>
        <source>Bring every part in when it is needed (streaming): the same picture, slower.</source>
        <translation>必要なときに部分ごとに読み込む（ストリーミング）：同じ画像、遅くなります。</translation>
    </message>
    <message>
        <source>One network at a time (medvram): the same picture, a little slower.</source>
        <translation>ネットワークを 1 つずつ置く（medvram）：同じ画像、少し遅くなります。</translation>
    </message>
    <message>
        <source>This picture needs at least %1 MiB of device memory, and %2 MiB are allowed. A smaller size or batch needs less.</source>
        <translation>この画像には少なくとも %1 MiB のデバイスメモリが必要ですが、許可されているのは %2 MiB です。サイズやバッチを小さくすると少なくて済みます。</translation>
    </message>
    <message>
        <source>Compatibility knows prompt-editing, pad-conds, downcast-alphas and refiner-by-steps.</source>
        <translation>互換性の指定に使えるのは prompt-editing、pad-conds、downcast-alphas、refiner-by-steps です。</translation>
    </message>
    <message>
        <source>%1 The job cannot go on after a crash.</source>
        <translation>%1クラッシュした後は作業の続きを行えません。</translation>
    </message>
    <message>
        <source>The job cannot go on as it began, because its files, the engine or the processor are others now; its steps are made again.</source>
        <translation>ファイル、エンジン、またはプロセッサーが開始時と異なるため、作業をそのまま続けられません。ステップを最初からやり直します。</translation>
    </message>
    <message>
        <source>The kept order of the job is broken.</source>
        <translation>保存された作業の内容が壊れています。</translation>
    </message>
    <message>
        <source>The saved state of the job is broken.</source>
        <translation>保存された作業の状態が壊れています。</translation>
    </message>
    <message>
        <source>There is no unfinished job &quot;%1&quot;.</source>
        <translation>未完了の作業「%1」はありません。</translation>
    </message>
    <message>
        <source>What was kept of the job&apos;s steps is broken; they are made again.</source>
        <translation>保存された作業の途中経過が壊れているため、ステップを最初からやり直します。</translation>
    </message>
    <message>
        <source>Another studio is at the job &quot;%1&quot;.</source>
        <translation>作業「%1」は別のスタジオが実行中です。</translation>
    </message>
    <message>
        <source>The disk is full: the state of the job could not be kept in &quot;%1&quot;.</source>
        <translation>ディスクがいっぱいです。作業の状態を「%1」に保存できませんでした。</translation>
    </message>
    <message>
        <source>The state of the job could not be kept in &quot;%1&quot;.</source>
        <translation>作業の状態を「%1」に保存できませんでした。</translation>
    </message>
    <message>
        <source>The state of the job could not be kept.</source>
        <translation>作業の状態を保存できませんでした。</translation>
    </message>
    <message>
        <source>%1 is no latent that this studio has kept, or it is damaged.</source>
        <translation>%1 はこのスタジオが保存した潜在ファイルではないか、壊れています。</translation>
    </message>
    <message>
        <source>%1 was cut off while it was read.</source>
        <translation>%1 は読み込み中に途切れました。</translation>
    </message>
    <message>
        <source>The latent has %1 channels, and the VAE of this model takes %2.</source>
        <translation>潜在ファイルのチャンネル数は %1 ですが、このモデルの VAE は %2 です。</translation>
    </message>
    <message>
        <source>The picture file is cut short; what stood behind the cut is lost.</source>
        <translation>画像ファイルが途中で切れています。切れた所より後の内容は失われています。</translation>
    </message>
    <message>
        <source>The sampler “%1” is unknown here; %2 is used instead.</source>
        <translation>サンプラー「%1」はここにはありません。代わりに %2 を使います。</translation>
    </message>
    <message>
        <source>The scheduler “%1” is unknown here; %2 is used instead.</source>
        <translation>スケジューラー「%1」はここにはありません。代わりに %2 を使います。</translation>
    </message>
    <message>
        <source>The base of the LoRA %1 is unknown: none of its layers is in this model.</source>
        <translation>LoRA %1 のベースは不明です。このモデルに合う層がありません。</translation>
    </message>
    <message>
        <source>%1 is a Git LFS pointer: the file itself was not downloaded.</source>
        <translation>%1 は Git LFS のポインターです。ファイル本体がダウンロードされていません。</translation>
    </message>
    <message>
        <source>%1 is a pickle without the tensors that PyTorch stores beside it.</source>
        <translation>%1 は pickle ですが、PyTorch が一緒に保存するテンソルがありません。</translation>
    </message>
    <message>
        <source>%1 is a web page that was saved in place of the file.</source>
        <translation>%1 はファイルの代わりに保存されたウェブページです。</translation>
    </message>
    <message>
        <source>%1 is an empty file.</source>
        <translation>%1 は空のファイルです。</translation>
    </message>
    <message>
        <source>The model predicts the picture itself (“sample”), which this program cannot sample with.</source>
        <translation>このモデルは画像そのもの（「sample」）を予測します。このプログラムではサンプリングできません。</translation>
    </message>
    <message>
        <source>Another %1 MiB had no room: caches were emptied and the same was tried again.</source>
        <translation>あと %1 MiB が入りませんでした。キャッシュを空にして、同じ処理をもう一度行いました。</translation>
    </message>
    <message>
        <source>Another %1 MiB had no room: every part is brought in when it is needed (streaming).</source>
        <translation>あと %1 MiB が入りませんでした。すべての部分を必要になるたびに読み込みます（ストリーミング）。</translation>
    </message>
    <message>
        <source>Another %1 MiB had no room: half of the network stays in memory (lowvram).</source>
        <translation>あと %1 MiB が入りませんでした。ネットワークの半分だけをメモリに置きます（lowvram）。</translation>
    </message>
    <message>
        <source>Another %1 MiB had no room: no more than %2 MiB are used, and parts that have no room are brought in at every pass.</source>
        <translation>あと %1 MiB が入りませんでした。使用量を %2 MiB までに抑え、入りきらない部分は計算のたびに読み込みます。</translation>
    </message>
    <message>
        <source>Another %1 MiB had no room: one network at a time stays in memory (medvram).</source>
        <translation>あと %1 MiB が入りませんでした。メモリに置くネットワークを一度に 1 つだけにします（medvram）。</translation>
    </message>
    <message>
        <source>Another %1 MiB had no room: previews are coloured cells from here on.</source>
        <translation>あと %1 MiB が入りませんでした。以降のプレビューは簡易な色表示になります。</translation>
    </message>
    <message>
        <source>Another %1 MiB had no room: prompt and negative prompt are computed one after another.</source>
        <translation>あと %1 MiB が入りませんでした。プロンプトとネガティブプロンプトを順番に計算します。</translation>
    </message>
    <message>
        <source>Another %1 MiB had no room: text encoders leave when their part is done.</source>
        <translation>あと %1 MiB が入りませんでした。テキストエンコーダーは役目を終えたらメモリから外します。</translation>
    </message>
    <message>
        <source>Another %1 MiB had no room: the VAE makes the picture in strips.</source>
        <translation>あと %1 MiB が入りませんでした。VAE は画像を帯状に分けて作ります。</translation>
    </message>
    <message>
        <source>Another %1 MiB had no room: the VAE makes the picture in tiles, whose colours may differ a little.</source>
        <translation>あと %1 MiB が入りませんでした。VAE は画像をタイルに分けて作ります。色がわずかに変わることがあります。</translation>
    </message>
    <message>
        <source>Another %1 MiB had no room: the pictures of a batch are computed one after another.</source>
        <translation>あと %1 MiB が入りませんでした。バッチの画像を 1 枚ずつ計算します。</translation>
    </message>
    <message>
        <source>Another %1 MiB had no room: everything works on the processor (cpu).</source>
        <translation>あと %1 MiB の空きがありませんでした：すべてプロセッサーで動きます（cpu）。</translation>
    </message>
    <message>
        <source>Another %1 MiB had no room: text encoders and VAE work on the processor (hybrid).</source>
        <translation>あと %1 MiB の空きがありませんでした：テキストエンコーダーと VAE はプロセッサーで動きます（hybrid）。</translation>
    </message>
    <message>
        <source>Everything on the processor (cpu): the same picture, far slower than a GPU makes it.</source>
        <translation>すべてプロセッサーで（cpu）：同じ画像、GPU よりずっと遅くなります。</translation>
    </message>
    <message>
        <source>Pinned memory is of use with a GPU only; here it changes nothing.</source>
        <translation>ピン留めメモリは GPU があるときだけ役に立ちます。ここでは何も変わりません。</translation>
    </message>
    <message>
        <source>Text encoders and VAE on the processor (hybrid): the same picture, slower to begin and end.</source>
        <translation>テキストエンコーダーと VAE をプロセッサーで（hybrid）：同じ画像、始めと終わりが遅くなります。</translation>
    </message>
    <message>
        <source>On the processor this takes about %1 minutes.</source>
        <translation>プロセッサーではおよそ %1 分かかります。</translation>
    </message>
    <message>
        <source>Allow %1 MiB of device memory, not %2.</source>
        <translation>デバイスのメモリの上限を %2 MiB から %1 MiB に上げます。</translation>
    </message>
    <message>
        <source>Decode the picture in strips.</source>
        <translation>画像を帯状に分割してデコードします。</translation>
    </message>
    <message>
        <source>Decode the picture in tiles.</source>
        <translation>画像をタイルに分割してデコードします。</translation>
    </message>
    <message>
        <source>Every part in memory only while it works (streaming).</source>
        <translation>各部分を動作中だけメモリに置きます（streaming）。</translation>
    </message>
    <message>
        <source>Let the studio take smaller ways to the same picture by itself.</source>
        <translation>同じ画像になる省メモリの方法をスタジオに自動で選ばせます。</translation>
    </message>
    <message>
        <source>Only half of the network in memory (lowvram).</source>
        <translation>ネットワークの半分だけをメモリに置きます（lowvram）。</translation>
    </message>
    <message>
        <source>Only one network at a time in memory (medvram).</source>
        <translation>メモリに置くネットワークを一度に 1 つだけにします（medvram）。</translation>
    </message>
    <message>
        <source>Previews as coloured cells, without a decoder.</source>
        <translation>プレビューをデコーダーを使わず色のセルで表示します。</translation>
    </message>
    <message>
        <source>The %1 gave numbers that are not finite in %2; it computes in fp32 from here on.</source>
        <translation>%1 が %2 では有限でない数値を出したため、ここからは fp32 で計算します。</translation>
    </message>
    <message>
        <source>The %1 of %2 gives numbers that are not finite, also in fp32; there is no picture in them.</source>
        <translation>%2 の %1 は fp32 でも有限でない数値を出します。画像にはなりません。</translation>
    </message>
    <message>
        <source>The %1 of %2 holds numbers that are not finite; the file is damaged.</source>
        <translation>%2 の %1 に有限でない数値が含まれています。ファイルが壊れています。</translation>
    </message>
    <message>
        <source>The LoRA %1 makes numbers that are not finite of the %2&apos;s weights; take it out.</source>
        <translation>LoRA %1 により %2 の重みが有限でない数値になります。この LoRA を外してください。</translation>
    </message>
    <message>
        <source>Steps have become far slower while the memory of %1 is full: its driver may be using main memory instead. A memory mode that takes less is faster.</source>
        <translation>%1 のメモリがいっぱいの間にステップが大幅に遅くなりました。ドライバーが代わりにメインメモリを使っている可能性があります。より少ないメモリを使うメモリモードのほうが速くなります。</translation>
    </message>
    <message>
        <source>Another %1 MiB had no room: main memory that holds weights is no longer pinned.</source>
        <translation>あと %1 MiB が入りませんでした。重みを置くメインメモリの固定をやめました。</translation>
    </message>
    <message>
        <source>Another %1 MiB had no room: models that were kept for later have left memory.</source>
        <translation>あと %1 MiB が入りませんでした。後の作業のために残していたモデルをメモリから外しました。</translation>
    </message>
    <message>
        <source>Another %1 MiB had no room: weights are read from the disk each time they are needed.</source>
        <translation>あと %1 MiB が入りませんでした。重みは必要になるたびにディスクから読み込みます。</translation>
    </message>
    <message>
        <source>Main memory is full; the system would have ended the studio. Closing other programs or a smaller size makes it fit.</source>
        <translation>メインメモリがいっぱいです。このままではシステムがスタジオを終了させるところでした。ほかのプログラムを閉じるか、サイズを小さくすると収まります。</translation>
    </message>
    <message>
        <source>Other programs have taken memory: no more than %1 MiB are used from here on, and parts that have no room are brought in at every pass.</source>
        <translation>ほかのプログラムがメモリを使い始めました。ここからは使用量を %1 MiB までに抑え、入りきらない部分は計算のたびに読み込みます。</translation>
    </message>
    <message>
        <source>CUDA does not show it to this program unless CUDA_VISIBLE_DEVICES names it.</source>
        <translation>CUDA_VISIBLE_DEVICES で指定しない限り、CUDA はこのカードをこのプログラムに見せません。</translation>
    </message>
    <message>
        <source>It is hidden from this program: CUDA_VISIBLE_DEVICES is “%1”.</source>
        <translation>このプログラムからは隠されています: CUDA_VISIBLE_DEVICES は「%1」です。</translation>
    </message>
    <message>
        <source>It is in MIG mode, but has no instance. Make one with “nvidia-smi mig”, or switch the mode off.</source>
        <translation>MIG モードですが、インスタンスがありません。「nvidia-smi mig」で作成するか、MIG モードを無効にしてください。</translation>
    </message>
    <message>
        <source>It is split (MIG): its instances are listed instead.</source>
        <translation>分割されています (MIG)。代わりに各インスタンスが一覧にあります。</translation>
    </message>
    <message>
        <source>Its compute capability is %1, and this libtorch was compiled for %2 only. A newer version of the program may know it.</source>
        <translation>演算能力 (compute capability) は %1 ですが、この libtorch は %2 専用にコンパイルされています。新しいバージョンのプログラムなら対応しているかもしれません。</translation>
    </message>
    <message>
        <source>Its compute capability is %1; this libtorch needs %2 or more.</source>
        <translation>演算能力 (compute capability) は %1 です。この libtorch には %2 以上が必要です。</translation>
    </message>
    <message>
        <source>Its driver answers with error %1. Restart the computer, and install the driver again if that does not help.</source>
        <translation>ドライバーがエラー %1 を返しました。コンピューターを再起動し、それでも直らなければドライバーを入れ直してください。</translation>
    </message>
    <message>
        <source>Its driver does not answer. Restart the computer, and install the driver again if that does not help.</source>
        <translation>ドライバーが応答しません。コンピューターを再起動し、それでも直らなければドライバーを入れ直してください。</translation>
    </message>
    <message>
        <source>Its driver does not show it to this program.</source>
        <translation>ドライバーがこのカードをこのプログラムに見せません。</translation>
    </message>
    <message>
        <source>Its driver has lost the connection to it. Restart the computer; if it happens again, look at its power supply and its temperature.</source>
        <translation>ドライバーがカードとの接続を失いました。コンピューターを再起動してください。繰り返す場合は、電源と温度を確認してください。</translation>
    </message>
    <message>
        <source>Its driver is version %1, for CUDA up to %2; this libtorch needs driver %3 or newer (CUDA %4). Update the driver.</source>
        <translation>ドライバーはバージョン %1 (CUDA %2 まで) です。この libtorch にはドライバー %3 以降 (CUDA %4) が必要です。ドライバーを更新してください。</translation>
    </message>
    <message>
        <source>Its driver was updated while the computer was running. Restart the computer.</source>
        <translation>コンピューターの動作中にドライバーが更新されました。コンピューターを再起動してください。</translation>
    </message>
    <message>
        <source>This build has no back end for it; set up again with --backend %1.</source>
        <translation>このビルドには対応するバックエンドがありません。--backend %1 を付けてもう一度セットアップしてください。</translation>
    </message>
    <message>
        <source>The tier has %1 bytes; at most %2 are possible.</source>
        <translation>区分のファイルが %1 バイトあります。最大は %2 バイトです。</translation>
    </message>
    <message>
        <source>The tier has an unknown value %1 in line %2.</source>
        <translation>区分に不明な値 %1（%2 行目）があります。</translation>
    </message>
    <message>
        <source>The tier is no TOML: line %1.</source>
        <translation>区分が TOML として読めません（%1 行目）。</translation>
    </message>
    <message>
        <source>The tier is of version %1; this studio knows %2.</source>
        <translation>区分のバージョンは %1 ですが、このスタジオが扱えるのは %2 です。</translation>
    </message>
    <message>
        <source>The tier&apos;s value %1 in line %2 is not one the studio can use.</source>
        <translation>区分の値 %1（%2 行目）は使用できません。</translation>
    </message>
    <message>
        <source>The tier&apos;s value %1 is missing.</source>
        <translation>区分の値 %1 がありません。</translation>
    </message>
    <message>
        <source>AMD&apos;s compute driver is loaded.</source>
        <translation>AMD の計算用ドライバーが読み込まれています。</translation>
    </message>
    <message>
        <source>AMD&apos;s compute driver is not loaded. Only AMD cards need it.</source>
        <translation>AMD の計算用ドライバーは読み込まれていません。必要なのは AMD のカードだけです。</translation>
    </message>
    <message>
        <source>AMD&apos;s compute driver is not loaded: the AMD card cannot compute.</source>
        <translation>AMD の計算用ドライバーが読み込まれていないため、AMD のカードは計算に使えません。</translation>
    </message>
    <message>
        <source>It is a %1, and libtorch for ROCm was compiled for %2 only.</source>
        <translation>これは %1 ですが、ROCm 用の libtorch は %2 専用にコンパイルされています。</translation>
    </message>
    <message>
        <source>It is a %1, for which libtorch for ROCm was not compiled. With HSA_OVERRIDE_GFX_VERSION=10.3.0 set it takes the code for gfx1030: unofficial, and not sure to work.</source>
        <translation>これは %1 で、ROCm 用の libtorch はこれ向けにコンパイルされていません。HSA_OVERRIDE_GFX_VERSION=10.3.0 を設定すると gfx1030 用のコードを使えますが、非公式であり、動作は保証されません。</translation>
    </message>
    <message>
        <source>It is hidden from this program: ROCR_VISIBLE_DEVICES is “%1”, HIP_VISIBLE_DEVICES is “%2”.</source>
        <translation>このプログラムからは隠されています: ROCR_VISIBLE_DEVICES は「%1」、HIP_VISIBLE_DEVICES は「%2」です。</translation>
    </message>
    <message>
        <source>NVIDIA&apos;s driver is not in reach of this program. Install version %1 or newer; a container must be started with access to the card.</source>
        <translation>NVIDIA のドライバーがこのプログラムから使えません。バージョン %1 以降をインストールしてください。コンテナーは、カードを使えるようにして起動する必要があります。</translation>
    </message>
    <message>
        <source>NVIDIA&apos;s kernel driver is loaded.</source>
        <translation>NVIDIA のカーネルドライバーが読み込まれています。</translation>
    </message>
    <message>
        <source>NVIDIA&apos;s kernel driver is not loaded. Only NVIDIA cards need it.</source>
        <translation>NVIDIA のカーネルドライバーは読み込まれていません。必要なのは NVIDIA のカードだけです。</translation>
    </message>
    <message>
        <source>NVIDIA&apos;s kernel driver is not loaded: the NVIDIA card cannot compute.</source>
        <translation>NVIDIA のカーネルドライバーが読み込まれていないため、NVIDIA のカードは計算に使えません。</translation>
    </message>
    <message>
        <source>No version of the program has a back end for it.</source>
        <translation>このカードに対応するバックエンドは、どのバージョンのプログラムにもありません。</translation>
    </message>
    <message>
        <source>ROCm is for AMD cards only.</source>
        <translation>ROCm は AMD のカード専用です。</translation>
    </message>
    <message>
        <source>ROCm is what AMD cards compute with. A build for it brings its own.</source>
        <translation>ROCm は AMD のカードで計算するためのものです。ROCm 用のビルドには含まれています。</translation>
    </message>
    <message>
        <source>The kernel&apos;s compute driver (amdkfd) does not know it. It needs the driver amdgpu with compute support; a container must be started with /dev/kfd and /dev/dri.</source>
        <translation>カーネルの計算用ドライバー (amdkfd) がこのカードを認識していません。計算に対応したドライバー amdgpu が必要です。コンテナーは /dev/kfd と /dev/dri を渡して起動する必要があります。</translation>
    </message>
    <message>
        <source>This user may not open /dev/kfd and /dev/dri. Add them to the groups render and video, and log in again.</source>
        <translation>このユーザーは /dev/kfd と /dev/dri を開けません。ユーザーをグループ render と video に追加し、ログインし直してください。</translation>
    </message>
    <message>
        <source>The system gives no more pinned memory: weights that wait in main memory come to the GPU more slowly.</source>
        <translation>これ以上の固定メモリをシステムから得られません。メインメモリで待つ重みが GPU に届くのが遅くなります。</translation>
    </message>
    <message>
        <source>%1 is a picture, not a model, but it says how it was made: use that with --from, or drop the picture on the window.</source>
        <translation>%1 は画像で、モデルではありません。ただし生成時の設定が入っています。--from で指定するか、画像をウィンドウにドロップすると使えます。</translation>
    </message>
    <message>
        <source>Memory ran out. A smaller size or batch, or closing other programs makes it fit.</source>
        <translation>メモリが足りなくなりました。サイズやバッチを小さくするか、他のプログラムを閉じると収まります。</translation>
    </message>
    <message>
        <source>Memory ran out. What may help: %1 or %2.</source>
        <translation>メモリが足りなくなりました。役立つかもしれない方法：%1、または%2。</translation>
    </message>
    <message>
        <source>Memory ran out. What may help: %1, %2 or %3.</source>
        <translation>メモリが足りなくなりました。役立つかもしれない方法：%1、%2、または%3。</translation>
    </message>
    <message>
        <source>Memory ran out. What may help: %1, %2, %3 or %4.</source>
        <translation>メモリが足りなくなりました。役立つかもしれない方法：%1、%2、%3、または%4。</translation>
    </message>
    <message>
        <source>Memory ran out. What may help: %1.</source>
        <translation>メモリが足りなくなりました。役立つかもしれない方法：%1。</translation>
    </message>
    <message>
        <source>No graphics driver answers: install the one of the GPU&apos;s maker and start the computer again.</source>
        <translation>グラフィックスドライバーが応答しません。GPU メーカーのドライバーをインストールし、コンピューターを再起動してください。</translation>
    </message>
    <message>
        <source>The GPU stopped in the middle of its work: start the studio again; when it comes back, the driver, the heat or the overclocking of the GPU may be why.</source>
        <translation>GPU が処理の途中で停止しました。スタジオを起動し直してください。繰り返す場合は、ドライバー、熱、オーバークロックが原因かもしれません。</translation>
    </message>
    <message>
        <source>The graphics driver is too old for this version of the studio: install a newer one.</source>
        <translation>グラフィックスドライバーがこの版のスタジオには古すぎます。新しいドライバーをインストールしてください。</translation>
    </message>
    <message>
        <source>This picture needs at least %1 MiB of main memory, and %2 MiB are free. Closing other programs or a smaller size makes it fit.</source>
        <translation>この画像には少なくとも %1 MiB のメインメモリが必要ですが、空きは %2 MiB です。他のプログラムを閉じるか、サイズを小さくすると収まります。</translation>
    </message>
    <message>
        <source>This version of the studio has no code for this GPU: it needs another version, or the memory mode cpu.</source>
        <translation>この版のスタジオにはこの GPU 用のコードがありません。別の版を使うか、メモリモードを cpu にしてください。</translation>
    </message>
    <message>
        <source>Two parts of the computation lay on different devices, which is a mistake of the studio: the memory mode highvram, which keeps everything in one place, avoids it.</source>
        <translation>計算の 2 つの部分が別々のデバイスにありました。これはスタジオの誤りです。すべてを 1 か所に置くメモリモード highvram で避けられます。</translation>
    </message>
    <message>
        <source>%1 is a picture, not a model.</source>
        <translation>%1 は画像で、モデルではありません。</translation>
    </message>
    <message>
        <source>a smaller size</source>
        <translation>小さいサイズ</translation>
    </message>
    <message>
        <source>a smaller batch</source>
        <translation>小さいバッチ</translation>
    </message>
    <message>
        <source>bf16 precision</source>
        <translation>bf16 精度</translation>
    </message>
    <message>
        <source>a larger memory budget</source>
        <translation>大きいメモリ予算</translation>
    </message>
    <message>
        <source>closing other programs</source>
        <translation>他のプログラムを閉じること</translation>
    </message>
    <message>
        <source>Not finished: made after step %1 of %2.</source>
        <translation>未完成：ステップ %1 / %2 の後に作られました。</translation>
    </message>
    <message>
        <source>On the processor this takes about %1 minutes. There is a GPU, %2, which is not used.</source>
        <translation>CPU では約 %1 分かかります。GPU（%2）がありますが、使われていません。</translation>
    </message>
</context>
<context>
    <name>ErrorAdvice</name>
    <message>
        <source>Not enough memory</source>
        <translation>メモリ不足</translation>
    </message>
    <message>
        <source>The picture needs more memory at once than is free. Nothing you have made is lost.</source>
        <translation>空きより多くのメモリが一度に必要です。これまでに作ったものは失われていません。</translation>
    </message>
    <message>
        <source>Make fewer pixels at once: batch size 1, or a smaller picture.</source>
        <translation>一度に作るピクセルを減らします：バッチサイズを 1 にするか、画像を小さくします。</translation>
    </message>
    <message>
        <source>Close programs that use much memory; none is closed for you.</source>
        <translation>メモリを多く使うプログラムを閉じてください。自動では閉じません。</translation>
    </message>
    <message>
        <source>A file is missing</source>
        <translation>ファイルが見つかりません</translation>
    </message>
    <message>
        <source>A model or LoRA of this picture is not where it was.</source>
        <translation>この画像のモデルまたは LoRA が元の場所にありません。</translation>
    </message>
    <message>
        <source>Put the file back, or choose another one.</source>
        <translation>ファイルを戻すか、別のファイルを選んでください。</translation>
    </message>
    <message>
        <source>Then look through the folders again (Models menu).</source>
        <translation>その後、フォルダーを再検索してください（モデルメニュー）。</translation>
    </message>
    <message>
        <source>The model is incomplete</source>
        <translation>モデルが不完全です</translation>
    </message>
    <message>
        <source>The model file lacks a part that making a picture needs.</source>
        <translation>画像の生成に必要な部分がモデルファイルにありません。</translation>
    </message>
    <message>
        <source>Choose the missing part from another file, or take a complete model.</source>
        <translation>足りない部分を別のファイルから選ぶか、完全なモデルを使ってください。</translation>
    </message>
    <message>
        <source>A file cannot be read</source>
        <translation>ファイルを読めません</translation>
    </message>
    <message>
        <source>The file is damaged, cut short or of another kind than expected.</source>
        <translation>ファイルが壊れているか、途中で切れているか、種類が違います。</translation>
    </message>
    <message>
        <source>Download or copy the file again, or choose another one.</source>
        <translation>もう一度ダウンロードまたはコピーするか、別のファイルを選んでください。</translation>
    </message>
    <message>
        <source>The files do not fit together</source>
        <translation>ファイルの組み合わせが合いません</translation>
    </message>
    <message>
        <source>A file was made for another model family. Families cannot be mixed.</source>
        <translation>別のモデル系統のファイルが含まれています。系統は混ぜられません。</translation>
    </message>
    <message>
        <source>Choose a model or LoRA of the same family (SD 1.x).</source>
        <translation>同じ系統（SD 1.x）のモデルまたは LoRA を選んでください。</translation>
    </message>
    <message>
        <source>A value cannot be used</source>
        <translation>使えない値があります</translation>
    </message>
    <message>
        <source>One of the settings is outside what the model or the studio can do.</source>
        <translation>設定の一つが、モデルまたはスタジオで扱える範囲を超えています。</translation>
    </message>
    <message>
        <source>Change the value named above.</source>
        <translation>上に示した値を変えてください。</translation>
    </message>
    <message>
        <source>The picture cannot be saved</source>
        <translation>画像を保存できません</translation>
    </message>
    <message>
        <source>The folder cannot be written to, or the disk is full.</source>
        <translation>フォルダーに書き込めないか、ディスクがいっぱいです。</translation>
    </message>
    <message>
        <source>Choose another folder, or make room on the disk.</source>
        <translation>別のフォルダーを選ぶか、ディスクの空きを増やしてください。</translation>
    </message>
    <message>
        <source>The device refuses</source>
        <translation>デバイスが応答しません</translation>
    </message>
    <message>
        <source>The processor that makes pictures did not answer as it should.</source>
        <translation>画像を作るプロセッサーが正しく応答しませんでした。</translation>
    </message>
    <message>
        <source>Try again; if it stays, choose another precision in the Tools menu.</source>
        <translation>もう一度試してください。直らないときは、ツールメニューで別の精度を選んでください。</translation>
    </message>
    <message>
        <source>Something went wrong in the studio</source>
        <translation>スタジオで問題が起きました</translation>
    </message>
    <message>
        <source>This is a mistake of ours, not of yours.</source>
        <translation>これはスタジオ側の誤りです。</translation>
    </message>
    <message>
        <source>Try again; if it stays, copy the report and send it to the developers.</source>
        <translation>もう一度試してください。直らないときは、レポートをコピーして開発者に送ってください。</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>もう一度試す</translation>
    </message>
    <message>
        <source>Batch size 1 and try again</source>
        <translation>バッチサイズ 1 でもう一度</translation>
    </message>
    <message>
        <source>%1 × %2 and try again</source>
        <translation>%1 × %2 でもう一度</translation>
    </message>
    <message>
        <source>Choose a folder…</source>
        <translation>フォルダーを選ぶ…</translation>
    </message>
    <message>
        <source>Choose a model</source>
        <translation>モデルを選ぶ</translation>
    </message>
    <message>
        <source>Without LoRAs</source>
        <translation>LoRA なしで試す</translation>
    </message>
    <message>
        <source>Make a smaller picture.</source>
        <translation>画像を小さくしてください。</translation>
    </message>
    <message>
        <source>Until then pictures can be made on the processor: Tools, memory mode.</source>
        <translation>それまでは CPU で画像を生成できます（ツール → メモリモード）。</translation>
    </message>
    <message>
        <source>Two devices were mixed up</source>
        <translation>2 つのデバイスが混ざりました</translation>
    </message>
    <message>
        <source>Parts of one computation were in different places. This is a mistake of ours, not of yours.</source>
        <translation>1 つの計算の部分が別々の場所にありました。これはスタジオ側の誤りです。</translation>
    </message>
    <message>
        <source>Choose the memory mode that keeps everything in one place (Tools menu) and try again.</source>
        <translation>すべてを 1 か所に置くメモリモードを選び（ツールメニュー）、もう一度お試しください。</translation>
    </message>
    <message>
        <source>Please copy the report and send it to the developers.</source>
        <translation>レポートをコピーして開発者に送ってください。</translation>
    </message>
    <message>
        <source>No graphics driver answers</source>
        <translation>グラフィックスドライバーが応答しません</translation>
    </message>
    <message>
        <source>The GPU can be used only with the driver of its maker.</source>
        <translation>GPU はメーカーのドライバーがないと使えません。</translation>
    </message>
    <message>
        <source>Install the driver and start the computer again.</source>
        <translation>ドライバーをインストールし、コンピューターを再起動してください。</translation>
    </message>
    <message>
        <source>The graphics driver is too old</source>
        <translation>グラフィックスドライバーが古すぎます</translation>
    </message>
    <message>
        <source>This version of the studio needs a newer driver for the GPU.</source>
        <translation>この版のスタジオには GPU の新しいドライバーが必要です。</translation>
    </message>
    <message>
        <source>Install a newer driver and start the computer again.</source>
        <translation>新しいドライバーをインストールし、コンピューターを再起動してください。</translation>
    </message>
    <message>
        <source>The GPU is of a kind that is not supported</source>
        <translation>対応していない種類の GPU です</translation>
    </message>
    <message>
        <source>This version of the studio was not built for this GPU.</source>
        <translation>この版のスタジオはこの GPU 用に作られていません。</translation>
    </message>
    <message>
        <source>Set the studio up again for this GPU.</source>
        <translation>この GPU 用にスタジオをセットアップし直してください。</translation>
    </message>
    <message>
        <source>The GPU stopped</source>
        <translation>GPU が停止しました</translation>
    </message>
    <message>
        <source>The GPU did not come through its work and answers no more until the studio starts again.</source>
        <translation>GPU が処理を完了できず、スタジオを起動し直すまで応答しません。</translation>
    </message>
    <message>
        <source>Start the studio again; it offers to go on with the picture.</source>
        <translation>スタジオを起動し直してください。画像の続きから再開できます。</translation>
    </message>
    <message>
        <source>If it comes back: a newer driver, less heat, and no overclocking.</source>
        <translation>繰り返す場合：新しいドライバー、温度を下げる、オーバークロックをやめる。</translation>
    </message>
</context>
<context>
    <name>FieldNames</name>
    <message>
        <source>Model</source>
        <translation>モデル</translation>
    </message>
    <message>
        <source>VAE</source>
        <translation>VAE</translation>
    </message>
    <message>
        <source>Text encoder</source>
        <translation>テキストエンコーダー</translation>
    </message>
    <message>
        <source>Text encoder 2</source>
        <translation>テキストエンコーダー 2</translation>
    </message>
    <message>
        <source>Refiner</source>
        <translation>リファイナー</translation>
    </message>
    <message>
        <source>Refiner switch at</source>
        <translation>リファイナーへの切り替え位置</translation>
    </message>
    <message>
        <source>Prompt</source>
        <translation>プロンプト</translation>
    </message>
    <message>
        <source>Negative prompt</source>
        <translation>ネガティブプロンプト</translation>
    </message>
    <message>
        <source>Width</source>
        <translation>幅</translation>
    </message>
    <message>
        <source>Height</source>
        <translation>高さ</translation>
    </message>
    <message>
        <source>Steps</source>
        <translation>ステップ数</translation>
    </message>
    <message>
        <source>Sampler</source>
        <translation>サンプラー</translation>
    </message>
    <message>
        <source>Scheduler</source>
        <translation>スケジューラー</translation>
    </message>
    <message>
        <source>Guidance</source>
        <translation>ガイダンス</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>シード値</translation>
    </message>
    <message>
        <source>Batch size</source>
        <translation>バッチサイズ</translation>
    </message>
    <message>
        <source>Batch count</source>
        <translation>バッチ回数</translation>
    </message>
    <message>
        <source>CLIP skip</source>
        <translation>CLIP スキップ</translation>
    </message>
    <message>
        <source>Eta</source>
        <translation>イータ</translation>
    </message>
    <message>
        <source>DDIM eta</source>
        <translation>DDIM イータ</translation>
    </message>
    <message>
        <source>Noise factor</source>
        <translation>ノイズ係数</translation>
    </message>
    <message>
        <source>Churn</source>
        <translation>チャーン</translation>
    </message>
    <message>
        <source>Churn from</source>
        <translation>チャーン下限</translation>
    </message>
    <message>
        <source>Churn to</source>
        <translation>チャーン上限</translation>
    </message>
    <message>
        <source>Sigmas</source>
        <translation>シグマ列</translation>
    </message>
    <message>
        <source>Last sigma before 0</source>
        <translation>0 の直前のシグマ</translation>
    </message>
    <message>
        <source>Guidance rescale</source>
        <translation>ガイダンス再スケール</translation>
    </message>
    <message>
        <source>Without negative prompt</source>
        <translation>ネガティブなしの区間</translation>
    </message>
    <message>
        <source>Dynamic threshold</source>
        <translation>動的しきい値</translation>
    </message>
    <message>
        <source>Mimicked guidance</source>
        <translation>模倣するガイダンス</translation>
    </message>
    <message>
        <source>Reproduce as</source>
        <translation>再現方式</translation>
    </message>
    <message>
        <source>Version of the program</source>
        <translation>プログラムのバージョン</translation>
    </message>
    <message>
        <source>ENSD</source>
        <translation>ENSD</translation>
    </message>
    <message>
        <source>Noise path</source>
        <translation>ノイズの経路</translation>
    </message>
    <message>
        <source>GPU threads</source>
        <translation>GPU スレッド数</translation>
    </message>
    <message>
        <source>Prediction type</source>
        <translation>予測タイプ</translation>
    </message>
    <message>
        <source>Zero terminal SNR</source>
        <translation>ゼロ終端 SNR</translation>
    </message>
    <message>
        <source>LoRA</source>
        <translation>LoRA</translation>
    </message>
    <message>
        <source>Emphasis</source>
        <translation>強調方式</translation>
    </message>
    <message>
        <source>1 uses the text encoder&apos;s last layer, 2 the one before. Some anime models want 2.</source>
        <translation>1 はテキストエンコーダーの最終層、2 はその一つ前の層を使います。アニメ系モデルには 2 が適したものがあります。</translation>
    </message>
    <message>
        <source>What the network predicts. Automatic asks the model file; change it only if pictures are noise.</source>
        <translation>ネットワークが予測する対象です。自動ではモデルファイルに従います。画像がノイズになる場合だけ変更してください。</translation>
    </message>
    <message>
        <source>Programs make different pictures from the same settings. Here the ways of the chosen one are followed: its noise, its noise levels, its rounding.</source>
        <translation>同じ設定でもプログラムによって画像は異なります。選んだプログラムのノイズ、ノイズレベル、丸め方に従います。</translation>
    </message>
    <message>
        <source>Of the graphics card whose noise is repeated: its multiprocessors times the threads of each. 0: a card of any size.</source>
        <translation>ノイズを再現するグラフィックカードの値で、マルチプロセッサー数×それぞれのスレッド数です。0：規模を問いません。</translation>
    </message>
    <message>
        <source>Takes a part of the contrast back that guidance adds: against harsh, burnt pictures. 0 is off.</source>
        <translation>ガイダンスが加えるコントラストの一部を戻し、きつい色や白飛びを抑えます。0 で無効です。</translation>
    </message>
    <message>
        <source>Part of the steps, from the first on, that leave the negative prompt out. They take half the time. 0 is off.</source>
        <translation>最初のステップから数えて、ネガティブプロンプトを使わない割合です。その間は半分の時間で済みます。0 で無効です。</translation>
    </message>
    <message>
        <source>Pulls extreme values in, so that high guidance does not burn the picture: those beyond this part of all. 1 is off. It counts while Guidance is above Mimicked guidance.</source>
        <translation>この割合を超える極端な値を抑え、高いガイダンスでも画像が破綻しないようにします。1 で無効です。ガイダンスが「模倣するガイダンス」より大きいときに働きます。</translation>
    </message>
    <message>
        <source>The lower guidance whose contrast the dynamic threshold keeps to.</source>
        <translation>動的しきい値がコントラストを合わせる、低めのガイダンスです。</translation>
    </message>
    <message>
        <source>How much fresh noise ancestral and SDE samplers add at each step. 1 is usual, 0 is none.</source>
        <translation>ancestral 系と SDE 系のサンプラーが各ステップで加える新しいノイズの量です。通常は 1、0 で加えません。</translation>
    </message>
    <message>
        <source>How much fresh noise DDIM adds at each step. 0 is usual.</source>
        <translation>DDIM が各ステップで加える新しいノイズの量です。通常は 0 です。</translation>
    </message>
    <message>
        <source>Factor on all fresh noise. A little above 1 keeps more detail.</source>
        <translation>新しいノイズ全体に掛ける係数です。1 より少し大きくすると細部が残りやすくなります。</translation>
    </message>
    <message>
        <source>Noise that Euler, Heun, HeunPP2 and DPM2 add before their steps. 0 is off.</source>
        <translation>Euler、Heun、HeunPP2、DPM2 がステップの前に加えるノイズです。0 で無効です。</translation>
    </message>
    <message>
        <source>The smallest noise level with churn</source>
        <translation>チャーンを行う最小のノイズレベルです</translation>
    </message>
    <message>
        <source>The largest noise level with churn. 0: no limit</source>
        <translation>チャーンを行う最大のノイズレベルです。0：上限なし</translation>
    </message>
    <message>
        <source>Noise levels of your own in place of scheduler and steps, from large to small, like 14.6, 5, 1, 0.1. Empty: none.</source>
        <translation>スケジューラーとステップ数の代わりに使うノイズレベルです。14.6, 5, 1, 0.1 のように大きい順に書きます。空欄：使いません。</translation>
    </message>
    <message>
        <source>Whether the last noise level before 0 is left out. Automatic: as the program under Reproduce as does with this sampler.</source>
        <translation>0 の直前のノイズレベルを省くかどうかです。自動：「再現方式」のプログラムがこのサンプラーで行うとおりにします。</translation>
    </message>
    <message>
        <source>What a weight like (word:1.2) does. Automatic: as the program under Reproduce as. Original: as in A1111. No norm: the same without evening out. ComfyUI: as there. Ignore: weights are read and not used. None: brackets are plain text.</source>
        <translation>(word:1.2) のような重みの働きです。自動：「再現方式」のプログラムに従います。オリジナル：A1111 と同じです。正規化なし：平均をそろえません。ComfyUI：ComfyUI と同じです。無視：重みを読み取りますが使いません。なし：かっこをただの文字として扱います。</translation>
    </message>
    <message>
        <source>Whether the first step begins in pure noise, as some models of v-prediction were trained to. Automatic asks the model file; change it only if pictures are grey or burnt.</source>
        <translation>最初のステップを完全なノイズから始めるかどうかです。v 予測の一部のモデルはそのように学習されています。自動ではモデルファイルに従います。画像が灰色になったり白飛びしたりする場合だけ変更してください。</translation>
    </message>
    <message>
        <source>Of the program under Reproduce as, where its versions differ, like v1.5.1. Empty: a new one.</source>
        <translation>「再現方式」のプログラムの版で、版によって違いがある場合に使います（例：v1.5.1）。空欄：新しい版とみなします。</translation>
    </message>
    <message>
        <source>A1111&apos;s eta noise seed delta: with it the noise of the steps has a seed of its own, so much above the picture&apos;s. 0 is off; 31337 is common.</source>
        <translation>A1111 の eta noise seed delta です。各ステップのノイズのシード値を、画像のシード値にこの値を足したものにします。0 で無効、31337 がよく使われます。</translation>
    </message>
    <message>
        <source>Where SDE samplers draw their noise. Automatic: as the program under Reproduce as.</source>
        <translation>SDE 系のサンプラーがノイズを作る場所です。自動：「再現方式」のプログラムに従います。</translation>
    </message>
    <message>
        <source>Compatibility</source>
        <translation>互換性</translation>
    </message>
    <message>
        <source>Single old ways that a newer A1111 was told to go: prompt-editing, pad-conds, downcast-alphas, refiner-by-steps. Pictures bring them along.</source>
        <translation>新しい A1111 が指定により従った個別の旧方式：prompt-editing、pad-conds、downcast-alphas、refiner-by-steps。画像から引き継がれます。</translation>
    </message>
</context>
<context>
    <name>GalleryModel</name>
    <message>
        <source>%1, %2 × %3 pixels, seed %4, %5</source>
        <translation>%1、%2 × %3 ピクセル、シード値 %4、%5</translation>
    </message>
    <message>
        <source>No prompt</source>
        <translation>プロンプトなし</translation>
    </message>
</context>
<context>
    <name>MemoryWords</name>
    <message>
        <source>Loading the model</source>
        <translation>モデルの読み込み</translation>
    </message>
    <message>
        <source>Reading the prompt</source>
        <translation>プロンプトの読み取り</translation>
    </message>
    <message>
        <source>Denoising</source>
        <translation>ノイズ除去</translation>
    </message>
    <message>
        <source>Decoding</source>
        <translation>デコード</translation>
    </message>
    <message>
        <source>Saving</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>UNet</source>
        <translation>UNet</translation>
    </message>
    <message>
        <source>VAE</source>
        <translation>VAE</translation>
    </message>
    <message>
        <source>Text encoder</source>
        <translation>テキストエンコーダー</translation>
    </message>
    <message>
        <source>Second text encoder</source>
        <translation>2 つ目のテキストエンコーダー</translation>
    </message>
    <message>
        <source>Preview decoder</source>
        <translation>プレビュー用デコーダー</translation>
    </message>
    <message>
        <source>Refiner</source>
        <translation>リファイナー</translation>
    </message>
    <message>
        <source>Not enough main memory</source>
        <translation>メインメモリ不足</translation>
    </message>
    <message>
        <source>Not enough memory</source>
        <translation>メモリ不足</translation>
    </message>
    <message numerus="yes">
        <source>%1 – %n step(s) are kept</source>
        <translation>
            <numerusform>%1（%n ステップ分は保存されています）</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 has no room: even the smallest way needs %2, and %3 are allowed.</source>
        <translation>%1に必要なメモリがありません。最小でも %2 必要ですが、使用できるのは %3 です。</translation>
    </message>
    <message>
        <source>%1 asked for %2 more; %3 were free of %4.</source>
        <translation>%1でさらに %2 が必要になりましたが、空きは %4 のうち %3 でした。</translation>
    </message>
    <message>
        <source>%1 asked for %2 more; %3 were free, but in pieces of at most %4.</source>
        <translation>%1でさらに %2 が必要になりました。空きは %3 ありましたが、まとまった空きは最大 %4 でした。</translation>
    </message>
    <message>
        <source>%1 asked for %2 more; %3 were free.</source>
        <translation>%1でさらに %2 が必要になりましたが、空きは %3 でした。</translation>
    </message>
    <message>
        <source>Predicted peak %1, measured %2.</source>
        <translation>最大使用量の予測 %1、実測 %2。</translation>
    </message>
    <message>
        <source>%1 are brought to the device at each step.</source>
        <translation>1 ステップごとに %1 がデバイスへ転送されます。</translation>
    </message>
    <message>
        <source>%1, %2 of %3 blocks</source>
        <translation>%1（%3 ブロック中 %2）</translation>
    </message>
    <message>
        <source>Activations</source>
        <translation>アクティベーション</translation>
    </message>
    <message>
        <source>Cache</source>
        <translation>キャッシュ</translation>
    </message>
    <message>
        <source>identical</source>
        <translation>同一</translation>
    </message>
    <message>
        <source>same to the eye</source>
        <translation>見た目は同じ</translation>
    </message>
    <message>
        <source>a different picture</source>
        <translation>別の画像</translation>
    </message>
    <message>
        <source>Not enough alone: %1</source>
        <translation>単独では不足：%1</translation>
    </message>
    <message>
        <source>Shapes stay as they are; in large even areas colours may differ a little from tile to tile.</source>
        <translation>形は変わりません。広く均一な部分では、タイルごとに色がわずかに異なることがあります。</translation>
    </message>
    <message>
        <source>At another size the same seed gives another composition; its steps begin again.</source>
        <translation>サイズが変わると、同じシード値でも構図が変わります。ステップは最初からになります。</translation>
    </message>
    <message>
        <source>The same seed gives another picture; its steps begin again.</source>
        <translation>同じシード値でも別の画像になります。ステップは最初からになります。</translation>
    </message>
</context>
<context>
    <name>ModelNotes</name>
    <message>
        <source>No VAE in this file. Choose a VAE file.</source>
        <translation>このファイルに VAE は含まれていません。VAE ファイルを選択してください。</translation>
    </message>
    <message>
        <source>No VAE in this file: using %1.</source>
        <translation>このファイルに VAE は含まれていません。%1 を使用します。</translation>
    </message>
    <message>
        <source>Models of this family cannot be used yet; SD 1.x, SD 2.x and SDXL can.</source>
        <translation>この系統のモデルはまだ使用できません。SD 1.x、SD 2.x、SDXL は使用できます。</translation>
    </message>
    <message>
        <source>v-prediction, as the file&apos;s metadata say.</source>
        <translation>v-prediction(ファイルのメタデータによる)</translation>
    </message>
    <message>
        <source>No second text encoder in this file. Choose a file that has one.</source>
        <translation>このファイルに 2 つ目のテキストエンコーダーは含まれていません。含むファイルを選択してください。</translation>
    </message>
    <message>
        <source>v-prediction, as a marker in the file says.</source>
        <translation>v-prediction(ファイル内の目印による)</translation>
    </message>
    <message>
        <source>v-prediction, as the configuration beside the file says.</source>
        <translation>v-prediction(同じ場所の設定ファイルによる)</translation>
    </message>
    <message>
        <source>Trained with EDM&apos;s noise levels, sigma from %1 to %2.</source>
        <translation>EDM のノイズレベルで学習されています（シグマ %1～%2）。</translation>
    </message>
    <message>
        <source>Zero terminal SNR, as you chose for this file.</source>
        <translation>ゼロ終端 SNR（このファイルにあなたが選んだもの）。</translation>
    </message>
    <message>
        <source>No zero terminal SNR, as you chose for this file.</source>
        <translation>ゼロ終端 SNR なし（このファイルにあなたが選んだもの）。</translation>
    </message>
    <message>
        <source>Zero terminal SNR, as the file says.</source>
        <translation>ゼロ終端 SNR（ファイルの記載による）。</translation>
    </message>
    <message>
        <source>%1, as you chose for this file.</source>
        <translation>%1（このファイルにあなたが選んだもの）。</translation>
    </message>
    <message>
        <source>v-prediction, as the weights suggest.</source>
        <translation>v-prediction(重みからの推定)</translation>
    </message>
    <message>
        <source>Made for few steps (%1): %2, %3, %4 steps, guidance %5.</source>
        <translation>少ないステップ向けのモデル(%1): %2、%3、%4 ステップ、ガイダンス %5。</translation>
    </message>
    <message>
        <source>No UNet in this file: it is not a whole model.</source>
        <translation>このファイルに UNet は含まれていません。モデル全体ではありません。</translation>
    </message>
    <message>
        <source>No text encoder in this file. Choose a file that has one.</source>
        <translation>このファイルにテキストエンコーダーは含まれていません。含むファイルを選択してください。</translation>
    </message>
    <message>
        <source>As the file says</source>
        <translation>ファイルの指定に戻す</translation>
    </message>
    <message>
        <source>Use epsilon</source>
        <translation>epsilon を使う</translation>
    </message>
    <message>
        <source>Switch off</source>
        <translation>オフにする</translation>
    </message>
    <message>
        <source>epsilon</source>
        <translation>epsilon</translation>
    </message>
</context>
<context>
    <name>NoteText</name>
    <message>
        <source>“%1” is never closed: it reaches to the end.</source>
        <translation>「%1」が閉じられていません。末尾まで効きます。</translation>
    </message>
    <message>
        <source>“%1” closes nothing.</source>
        <translation>「%1」に対応する括弧がありません。</translation>
    </message>
    <message>
        <source>“%1” is no weight; write it like 1.2.</source>
        <translation>「%1」は重みではありません。1.2 のように書いてください。</translation>
    </message>
    <message>
        <source>A weight of %1 is very large; 0.5 to 1.5 is usual.</source>
        <translation>重み %1 は大きすぎます。普通は 0.5～1.5 です。</translation>
    </message>
    <message>
        <source>There is no LoRA named “%1” in your folders.</source>
        <translation>フォルダーに「%1」という LoRA はありません。</translation>
    </message>
    <message>
        <source>Embeddings are named without a prefix: “%1”.</source>
        <translation>埋め込みは接頭辞なしで「%1」と書きます。</translation>
    </message>
    <message>
        <source>There is no embedding named “%1”; its name is read as words.</source>
        <translation>「%1」という埋め込みはありません。名前はただの単語として読まれます。</translation>
    </message>
    <message>
        <source>“%1” is not used here.</source>
        <translation>「%1」はここでは使われません。</translation>
    </message>
    <message>
        <source>A “|” outside of [a|b] makes plain text of all prompt editing.</source>
        <translation>[a|b] の外に「|」があると、途中で切り替える書き方がすべてただの文字になります。</translation>
    </message>
    <message>
        <source>“%1” often has little effect. Compare with and without it, same seed.</source>
        <translation>「%1」の効果は小さいことが多いです。同じシード値で、ある場合とない場合を比べてみてください。</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>取り除く</translation>
    </message>
    <message>
        <source>Use “%1”</source>
        <translation>「%1」にする</translation>
    </message>
    <message>
        <source>Tags with commas between them, the most important first.
Example: 1girl, silver hair, night city, rain, masterpiece</source>
        <translation>タグをカンマで区切り、大事なものから並べます。
例: 1girl, silver hair, night city, rain, masterpiece</translation>
    </message>
    <message>
        <source>What the picture shows, in plain English sentences: subject, place, light, style.
Example: A red fox sits in fresh snow, low morning light, watercolour</source>
        <translation>描くものを英語の文で書きます。被写体、場所、光、画風。
例: A red fox sits in fresh snow, low morning light, watercolour</translation>
    </message>
    <message>
        <source>What the picture shows, in English: subject, place, light, style, with commas.
Example: red fox, fresh snow, morning light, watercolour</source>
        <translation>描くものを英語で、カンマで区切って書きます。被写体、場所、光、画風。
例: red fox, fresh snow, morning light, watercolour</translation>
    </message>
    <message>
        <source>Not used while guidance is 1.</source>
        <translation>ガイダンスが 1 の間は使われません。</translation>
    </message>
    <message>
        <source>Example: worst quality, low quality, bad anatomy, text</source>
        <translation>例: worst quality, low quality, bad anatomy, text</translation>
    </message>
    <message>
        <source>What to keep away. Often it can stay empty.
Example: text, frame</source>
        <translation>避けたいもの。空のままでよいことも多いです。
例: text, frame</translation>
    </message>
    <message>
        <source>What to keep away, as words without “no”.
Example: blurry, text, frame</source>
        <translation>避けたいものを、否定せずに単語で書きます。
例: blurry, text, frame</translation>
    </message>
    <message>
        <source>The LoRA “%1” was made for another kind of model than the chosen one.</source>
        <translation>LoRA「%1」は、選択中のモデルとは別の種類のモデル用です。</translation>
    </message>
</context>
<context>
    <name>RequestCheck</name>
    <message>
        <source>No model is chosen.</source>
        <translation>モデルが選択されていません。</translation>
    </message>
    <message>
        <source>The models are still being looked through.</source>
        <translation>モデルを調べている途中です。</translation>
    </message>
    <message>
        <source>The model “%1” was not found in your folders.</source>
        <translation>モデル「%1」がフォルダーに見つかりません。</translation>
    </message>
    <message>
        <source>“%1” is a model of a family that cannot be used yet: %2.</source>
        <translation>「%1」はまだ使用できない系統のモデルです: %2。</translation>
    </message>
    <message>
        <source>The LoRA “%1” was not found in your folders.</source>
        <translation>LoRA「%1」がフォルダーに見つかりません。</translation>
    </message>
    <message>
        <source>The LoRA “%1” cannot be used: %2</source>
        <translation>LoRA「%1」は使えません：%2</translation>
    </message>
    <message>
        <source>%1 is %2; it must be from %3 to %4.</source>
        <translation>%1は %2 です。%3 から %4 までにしてください。</translation>
    </message>
    <message>
        <source>%1 is %2; it must be a multiple of 8.</source>
        <translation>%1は %2 です。8 の倍数にしてください。</translation>
    </message>
    <message>
        <source>%1 is too long.</source>
        <translation>%1が長すぎます。</translation>
    </message>
    <message>
        <source>Sigmas must be numbers above 0, from large to small, like 14.6, 5, 1, 0.1.</source>
        <translation>シグマ列は 14.6, 5, 1, 0.1 のように、0 より大きい数を大きい順に書いてください。</translation>
    </message>
</context>
<context>
    <name>RestoreReport</name>
    <message>
        <source>Settings taken over from the picture (%1): %2.</source>
        <translation>画像（%1）から設定を引き継ぎました：%2。</translation>
    </message>
    <message>
        <source>Not in your folders: %1.</source>
        <translation>フォルダーにないもの：%1。</translation>
    </message>
</context>
<context>
    <name>WindowMenus</name>
    <message>
        <source>&amp;Theme</source>
        <translation>テーマ(&amp;T)</translation>
    </message>
    <message>
        <source>Like the system</source>
        <translation>システムに合わせる</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>ダーク</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>ライト</translation>
    </message>
    <message>
        <source>High contrast</source>
        <translation>ハイコントラスト</translation>
    </message>
    <message>
        <source>&amp;Language</source>
        <translation>言語(&amp;L)</translation>
    </message>
    <message>
        <source>Off</source>
        <translation>オフ</translation>
    </message>
    <message>
        <source>Fast colours</source>
        <translation>簡易カラー</translation>
    </message>
    <message>
        <source>Preview decoder</source>
        <translation>プレビューデコーダー</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>自動</translation>
    </message>
    <message>
        <source>&amp;Precision</source>
        <translation>精度(&amp;P)</translation>
    </message>
    <message>
        <source>&amp;Threads</source>
        <translation>スレッド数(&amp;T)</translation>
    </message>
    <message>
        <source>Pre&amp;view</source>
        <translation>プレビュー(&amp;V)</translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation>ファイル(&amp;F)</translation>
    </message>
    <message>
        <source>&amp;File format</source>
        <translation>ファイル形式(&amp;F)</translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation>編集(&amp;E)</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>表示(&amp;V)</translation>
    </message>
    <message>
        <source>&amp;Generate</source>
        <translation>生成(&amp;G)</translation>
    </message>
    <message>
        <source>&amp;Models</source>
        <translation>モデル(&amp;M)</translation>
    </message>
    <message>
        <source>&amp;Tools</source>
        <translation>ツール(&amp;T)</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>ヘルプ(&amp;H)</translation>
    </message>
    <message>
        <source>Keep everything (highvram)</source>
        <translation>すべて保持（highvram）</translation>
    </message>
    <message>
        <source>One network at a time (medvram)</source>
        <translation>一度に 1 つのネットワーク（medvram）</translation>
    </message>
    <message>
        <source>Part of a network (lowvram)</source>
        <translation>ネットワークの一部（lowvram）</translation>
    </message>
    <message>
        <source>Every part when it is needed (streaming)</source>
        <translation>必要なときに各部分（streaming）</translation>
    </message>
    <message>
        <source>&amp;Memory</source>
        <translation>メモリ(&amp;M)</translation>
    </message>
    <message>
        <source>All that is free</source>
        <translation>空いている分すべて</translation>
    </message>
    <message>
        <source>%1 GiB</source>
        <translation>%1 GiB</translation>
    </message>
    <message>
        <source>Memory &amp;limit</source>
        <translation>メモリの上限(&amp;L)</translation>
    </message>
    <message>
        <source>Text encoders and VAE on the processor (hybrid)</source>
        <translation>テキストエンコーダーと VAE をプロセッサーで（hybrid）</translation>
    </message>
    <message>
        <source>Everything on the processor (cpu)</source>
        <translation>すべてプロセッサーで（cpu）</translation>
    </message>
    <message>
        <source>On</source>
        <translation>オン</translation>
    </message>
    <message>
        <source>Weights that wait for the GPU lie in memory that the system may not move: copies are faster, and less memory is left for other programs. Of use with a GPU only.</source>
        <translation>GPU を待つ重みを、システムが動かせないメモリに置きます。コピーは速くなり、ほかのプログラムに残るメモリは減ります。GPU があるときだけ役に立ちます。</translation>
    </message>
    <message>
        <source>Nothing</source>
        <translation>なし</translation>
    </message>
    <message>
        <source>512 MiB</source>
        <translation>512 MiB</translation>
    </message>
    <message>
        <source>&amp;Reserved for other programs</source>
        <translation>ほかのプログラムのために残す(&amp;R)</translation>
    </message>
    <message>
        <source>As many as have room</source>
        <translation>入るだけ</translation>
    </message>
    <message>
        <source>None</source>
        <translation>なし</translation>
    </message>
    <message>
        <source>Other models &amp;kept in memory</source>
        <translation>メモリに残すほかのモデル(&amp;K)</translation>
    </message>
    <message>
        <source>P&amp;inned memory</source>
        <translation>ピン留めメモリ(&amp;I)</translation>
    </message>
    <message>
        <source>Only what leaves the picture as it is</source>
        <translation>画像が変わらない方法だけ</translation>
    </message>
    <message>
        <source>Ask before the picture changes</source>
        <translation>画像が変わる前に確認する</translation>
    </message>
    <message>
        <source>What people try by hand (classic)</source>
        <translation>手作業でよく試される順 (classic)</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>&amp;When memory runs out</source>
        <translation>メモリが足りないとき(&amp;W)</translation>
    </message>
</context>
<context>
    <name>studio::settings::Store</name>
    <message>
        <source>The settings in %1 cannot be read (%2). Changes are not kept.</source>
        <translation>%1 の設定を読めません（%2）。変更は保存されません。</translation>
    </message>
    <message>
        <source>The settings in %1 are damaged. Changes are not kept.</source>
        <translation>%1 の設定が壊れています。変更は保存されません。</translation>
    </message>
    <message>
        <source>The settings were damaged and are back at their defaults. The old file is %1.</source>
        <translation>設定が壊れていたため、初期値に戻しました。元のファイルは %1 です。</translation>
    </message>
    <message>
        <source>The settings cannot be saved in %1 (%2).</source>
        <translation>設定を %1 に保存できません（%2）。</translation>
    </message>
</context>
<context>
    <name>studio::ui::AdvancedCard</name>
    <message>
        <source>Advanced</source>
        <translation>詳細設定</translation>
    </message>
    <message>
        <source>Settings that few people change, and those that other programs have</source>
        <translation>めったに変えない設定と、他のプログラムにある設定です</translation>
    </message>
    <message>
        <source>Reset all</source>
        <translation>すべて戻す</translation>
    </message>
    <message>
        <source>Reset all advanced settings to their defaults</source>
        <translation>詳細設定をすべて既定値に戻します</translation>
    </message>
    <message numerus="yes">
        <source>%n changed</source>
        <translation>
            <numerusform>%n 件変更</numerusform>
        </translation>
    </message>
    <message>
        <source>Advanced settings</source>
        <translation>詳細設定</translation>
    </message>
    <message>
        <source>Text and model</source>
        <translation>テキストとモデル</translation>
    </message>
    <message>
        <source>As in other programs</source>
        <translation>他のプログラムの再現</translation>
    </message>
    <message>
        <source>Guidance</source>
        <translation>ガイダンス</translation>
    </message>
    <message>
        <source>Fresh noise</source>
        <translation>追加ノイズ</translation>
    </message>
    <message>
        <source>Noise levels</source>
        <translation>ノイズレベル</translation>
    </message>
    <message>
        <source>More</source>
        <translation>その他</translation>
    </message>
</context>
<context>
    <name>studio::ui::Canvas</name>
    <message>
        <source>Picture</source>
        <translation>画像</translation>
    </message>
    <message>
        <source>Preview of the picture that is being made</source>
        <translation>生成中の画像のプレビュー</translation>
    </message>
    <message>
        <source>No picture yet</source>
        <translation>まだ画像はありません</translation>
    </message>
    <message>
        <source>Your picture appears here</source>
        <translation>ここに画像が表示されます</translation>
    </message>
    <message>
        <source>Describe it on the left and press Ctrl+Enter.
Drop a picture here to take over its settings.</source>
        <translation>左に内容を書いて Ctrl+Enter を押してください。
画像をここにドロップすると、その設定を引き継ぎます。</translation>
    </message>
</context>
<context>
    <name>studio::ui::CanvasView</name>
    <message>
        <source>Fit</source>
        <translation>全体</translation>
    </message>
    <message>
        <source>Show the whole picture (Ctrl+0)</source>
        <translation>画像全体を表示 (Ctrl+0)</translation>
    </message>
    <message>
        <source>Zoom to %1</source>
        <translation>%1 で表示</translation>
    </message>
    <message>
        <source>Back to the live picture</source>
        <translation>作成中の画像に戻る</translation>
    </message>
    <message>
        <source>Show how the picture that is being made looks now</source>
        <translation>作成中の画像の今の様子を表示します</translation>
    </message>
</context>
<context>
    <name>studio::ui::ChangesLine</name>
    <message>
        <source>Why?</source>
        <translation>なぜ？</translation>
    </message>
    <message>
        <source>Show who held the memory at that moment</source>
        <translation>そのときメモリを使っていたものを表示します</translation>
    </message>
    <message numerus="yes">
        <source>%n change(s) were made to fit memory</source>
        <translation>
            <numerusform>メモリに収めるために %n 件の変更が行われました</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>studio::ui::ConsentCard</name>
    <message>
        <source>The picture would change</source>
        <translation>画像が変わります</translation>
    </message>
    <message>
        <source>Go on like this</source>
        <translation>このまま続ける</translation>
    </message>
    <message>
        <source>Keep the picture as it is</source>
        <translation>画像を変えない</translation>
    </message>
    <message>
        <source>The job ends if nothing else helps; its steps are kept</source>
        <translation>ほかに方法がなければジョブは終わります。ステップは保存されています</translation>
    </message>
</context>
<context>
    <name>studio::ui::DropHandler</name>
    <message>
        <source>Drop to take over the picture&apos;s settings</source>
        <translation>ドロップすると画像の設定を引き継ぎます</translation>
    </message>
    <message>
        <source>Drop to use this LoRA or model</source>
        <translation>ドロップするとこの LoRA またはモデルを使います</translation>
    </message>
    <message>
        <source>“%1” is neither a LoRA nor a model (%2).</source>
        <translation>「%1」は LoRA でもモデルでもありません（%2）。</translation>
    </message>
    <message>
        <source>The LoRA “%1” cannot be used: %2</source>
        <translation>LoRA「%1」は使えません：%2</translation>
    </message>
    <message>
        <source>The LoRA “%1” is already in use.</source>
        <translation>LoRA「%1」はすでに使われています。</translation>
    </message>
    <message>
        <source>LoRA “%1”</source>
        <translation>LoRA「%1」</translation>
    </message>
    <message>
        <source>The LoRA “%1” is in use.</source>
        <translation>LoRA「%1」を使います。</translation>
    </message>
    <message>
        <source>Model “%1”</source>
        <translation>モデル「%1」</translation>
    </message>
    <message>
        <source>The model is now “%1”.</source>
        <translation>モデルを「%1」にしました。</translation>
    </message>
    <message>
        <source>Pictures, LoRAs and models can be dropped here</source>
        <translation>画像、LoRA、モデルをドロップできます</translation>
    </message>
    <message>
        <source>“%1” is no diffusers model. To find the models in a folder, add it in the Models menu.</source>
        <translation>「%1」は diffusers 形式のモデルではありません。フォルダー内のモデルを使うには、モデルメニューからフォルダーを追加してください。</translation>
    </message>
    <message>
        <source>“%1” cannot be used. What can be: pictures (PNG, JPEG, WebP), models and LoRAs (safetensors, ckpt, pt, gguf) and diffusers folders.</source>
        <translation>「%1」は使えません。使えるのは画像（PNG、JPEG、WebP）、モデルと LoRA（safetensors、ckpt、pt、gguf）、diffusers 形式のフォルダーです。</translation>
    </message>
</context>
<context>
    <name>studio::ui::ErrorPanel</name>
    <message>
        <source>What happened</source>
        <translation>起きたこと</translation>
    </message>
    <message>
        <source>What it means</source>
        <translation>意味</translation>
    </message>
    <message>
        <source>What to do</source>
        <translation>対処</translation>
    </message>
    <message>
        <source>Copy report</source>
        <translation>レポートをコピー</translation>
    </message>
    <message>
        <source>Copy what happened and the machine&apos;s data to the clipboard, without your prompt</source>
        <translation>起きたこととマシンの情報をクリップボードにコピーします。プロンプトは含みません</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>閉じる</translation>
    </message>
</context>
<context>
    <name>studio::ui::FieldRow</name>
    <message>
        <source>Reset “%1” to the default</source>
        <translation>「%1」を既定値に戻します</translation>
    </message>
</context>
<context>
    <name>studio::ui::FileChoice</name>
    <message>
        <source>Choose a file for: %1</source>
        <translation>%1 のファイルを選択</translation>
    </message>
    <message>
        <source>Choose a file…</source>
        <translation>ファイルを選択…</translation>
    </message>
</context>
<context>
    <name>studio::ui::FitMeter</name>
    <message>
        <source>Weights %1, activations %2, workspace %3</source>
        <translation>重み %1、アクティベーション %2、作業領域 %3</translation>
    </message>
    <message>
        <source>Fits: %1 of %2</source>
        <translation>収まります：%1 / %2</translation>
    </message>
    <message>
        <source>Fits in parts, slower: %1 of %2</source>
        <translation>分割すれば収まります（遅くなります）：%1 / %2</translation>
    </message>
    <message>
        <source>▲ Does not fit: %1 of %2</source>
        <translation>▲ 収まりません：%1 / %2</translation>
    </message>
    <message>
        <source>%1 %2</source>
        <translation>%1 %2</translation>
    </message>
    <message>
        <source>Memory of the device</source>
        <translation>デバイスのメモリ</translation>
    </message>
    <message>
        <source>Encode</source>
        <translation>エンコード</translation>
    </message>
    <message>
        <source>Denoise</source>
        <translation>ノイズ除去</translation>
    </message>
    <message>
        <source>Decode</source>
        <translation>デコード</translation>
    </message>
    <message>
        <source>Fits on the processor alone, far slower: %1 of %2</source>
        <translation>プロセッサーだけなら収まります（ずっと遅くなります）：%1 / %2</translation>
    </message>
    <message>
        <source>Fits with text encoders and VAE on the processor: %1 of %2</source>
        <translation>テキストエンコーダーと VAE をプロセッサーで動かせば収まります：%1 / %2</translation>
    </message>
    <message>
        <source>%1. Time: %2.</source>
        <translation>%1。時間：%2。</translation>
    </message>
    <message>
        <source>not known yet</source>
        <translation>まだ不明</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>Time not known yet</source>
        <translation>時間はまだ不明</translation>
    </message>
    <message>
        <source>▲ %1</source>
        <translation>▲ %1</translation>
    </message>
    <message>
        <source>%1. %2</source>
        <translation>%1。%2</translation>
    </message>
    <message>
        <source>%1, %2</source>
        <translation>%1、%2</translation>
    </message>
</context>
<context>
    <name>studio::ui::GalleryStrip</name>
    <message>
        <source>Pictures</source>
        <translation>画像</translation>
    </message>
    <message>
        <source>Pictures of this run</source>
        <translation>今回の画像</translation>
    </message>
    <message>
        <source>No pictures yet. What you generate is kept here and on disk.</source>
        <translation>まだ画像はありません。生成した画像はここに並び、ディスクにも保存されます。</translation>
    </message>
    <message numerus="yes">
        <source>%n in this run</source>
        <translation>
            <numerusform>今回 %n 枚</numerusform>
        </translation>
    </message>
    <message>
        <source>Use its settings</source>
        <translation>この設定を使う</translation>
    </message>
    <message>
        <source>Use its seed</source>
        <translation>このシード値を使う</translation>
    </message>
    <message>
        <source>Copy picture</source>
        <translation>画像をコピー</translation>
    </message>
    <message>
        <source>Show in folder</source>
        <translation>フォルダーで表示</translation>
    </message>
</context>
<context>
    <name>studio::ui::GenerateCard</name>
    <message>
        <source>Generate    Ctrl+Enter</source>
        <translation>生成    Ctrl+Enter</translation>
    </message>
    <message>
        <source>Generate</source>
        <translation>生成</translation>
    </message>
    <message>
        <source>Put this picture in line behind the one being made (Ctrl+Enter)</source>
        <translation>生成中の画像の後に追加します (Ctrl+Enter)</translation>
    </message>
    <message>
        <source>Make the picture (Ctrl+Enter)</source>
        <translation>画像を生成します (Ctrl+Enter)</translation>
    </message>
    <message numerus="yes">
        <source>%n picture(s)</source>
        <translation>
            <numerusform>%n 枚</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 · %2 × %3 px · %4 steps</source>
        <translation>%1 · %2 × %3 px · %4 ステップ</translation>
    </message>
    <message>
        <source>decode: %1</source>
        <translation>デコード：%1</translation>
    </message>
    <message>
        <source>preview: %1</source>
        <translation>プレビュー：%1</translation>
    </message>
    <message>
        <source>when memory runs out: %1</source>
        <translation>メモリ不足のとき：%1</translation>
    </message>
    <message>
        <source>limit %1</source>
        <translation>上限 %1</translation>
    </message>
    <message>
        <source>For this model: %1</source>
        <translation>このモデルのみ：%1</translation>
    </message>
    <message>
        <source>Forget</source>
        <translation>忘れる</translation>
    </message>
</context>
<context>
    <name>studio::ui::GenerationSession</name>
    <message>
        <source>The picture that was being made goes on afterwards.</source>
        <translation>作成中だった画像はその後で続きます。</translation>
    </message>
</context>
<context>
    <name>studio::ui::LoraCard</name>
    <message>
        <source>Weight</source>
        <translation>重み</translation>
    </message>
    <message>
        <source>Weight of %1</source>
        <translation>%1 の重み</translation>
    </message>
    <message>
        <source>How strongly the LoRA works. By typing, more than the slider&apos;s range is possible.</source>
        <translation>LoRA の効き具合です。数値入力ではスライダーの範囲を超えて指定できます。</translation>
    </message>
    <message>
        <source>Insert “%1” into the prompt</source>
        <translation>「%1」をプロンプトに挿入</translation>
    </message>
    <message>
        <source>unknown base</source>
        <translation>系統不明</translation>
    </message>
    <message>
        <source>%1 · %2</source>
        <comment>base family, file size</comment>
        <translation>%1・%2</translation>
    </message>
    <message>
        <source>▲ This is not a LoRA that can be used.</source>
        <translation>▲ このファイルは使用できる LoRA ではありません。</translation>
    </message>
    <message>
        <source>▲ %1 files cannot be used yet.</source>
        <translation>▲ %1 のファイルはまだ使用できません。</translation>
    </message>
    <message>
        <source>▲ Made for %1; it does not fit the chosen model.</source>
        <translation>▲ %1 用です。選択中のモデルには合いません。</translation>
    </message>
    <message>
        <source>▲ This file is in none of your folders.</source>
        <translation>▲ このファイルはどのフォルダーにもありません。</translation>
    </message>
</context>
<context>
    <name>studio::ui::LoraPanel</name>
    <message>
        <source>LoRA</source>
        <translation>LoRA</translation>
    </message>
    <message>
        <source>Filter LoRAs</source>
        <translation>LoRA の絞り込み</translation>
    </message>
    <message>
        <source>Words of the name or of a trigger word</source>
        <translation>名前またはトリガーワードの一部で絞り込みます</translation>
    </message>
    <message>
        <source>Choose a folder…</source>
        <translation>フォルダーを選択…</translation>
    </message>
    <message>
        <source>The folder with your LoRA files (.safetensors); it is looked through with everything in it</source>
        <translation>LoRA ファイル（.safetensors）のあるフォルダーです。中のフォルダーもすべて調べます。</translation>
    </message>
    <message>
        <source>LoRAs</source>
        <translation>LoRA の一覧</translation>
    </message>
    <message>
        <source>Add…</source>
        <translation>追加…</translation>
    </message>
    <message>
        <source>Add LoRA files or a folder of them</source>
        <translation>LoRA のファイルまたはフォルダーを追加します</translation>
    </message>
    <message>
        <source>Files…</source>
        <translation>ファイル…</translation>
    </message>
    <message>
        <source>Folder…</source>
        <translation>フォルダー…</translation>
    </message>
    <message>
        <source>Show more (%1 of %2)</source>
        <translation>さらに表示（%2 件中 %1 件）</translation>
    </message>
    <message>
        <source>LoRA on</source>
        <translation>LoRA オン</translation>
    </message>
    <message>
        <source>LoRA off</source>
        <translation>LoRA オフ</translation>
    </message>
    <message>
        <source>LoRA weight</source>
        <translation>LoRA の重み</translation>
    </message>
    <message numerus="yes">
        <source>%n on</source>
        <translation>
            <numerusform>%n 件オン</numerusform>
        </translation>
    </message>
    <message>
        <source>Filter %1</source>
        <translation>%1 件を絞り込み</translation>
    </message>
    <message>
        <source>Looking through the folders…</source>
        <translation>フォルダーを調べています…</translation>
    </message>
    <message>
        <source>No LoRAs yet. A LoRA adds a style or a subject to the model.</source>
        <translation>LoRA はまだありません。LoRA はモデルに画風や題材を加えます。</translation>
    </message>
    <message>
        <source>No LoRA matches “%1”.</source>
        <translation>「%1」に一致する LoRA はありません。</translation>
    </message>
    <message>
        <source>Add LoRA files</source>
        <translation>LoRA ファイルの追加</translation>
    </message>
    <message>
        <source>Folder with LoRA files</source>
        <translation>LoRA ファイルのフォルダー</translation>
    </message>
    <message>
        <source>LoRA files (%1)</source>
        <translation>LoRA ファイル (%1)</translation>
    </message>
</context>
<context>
    <name>studio::ui::MainWindow</name>
    <message>
        <source>Kiln Studio</source>
        <translation>Kiln Studio</translation>
    </message>
    <message>
        <source>Preview, step %1 of %2</source>
        <translation>プレビュー、ステップ %1 / %2</translation>
    </message>
    <message>
        <source>%1 × %2 px</source>
        <translation>%1 × %2 px</translation>
    </message>
    <message>
        <source>Picture %1, %2</source>
        <translation>画像 %1、%2</translation>
    </message>
    <message>
        <source>Settings of a picture</source>
        <translation>画像の設定</translation>
    </message>
    <message>
        <source>The settings of the picture are taken over.</source>
        <translation>画像の設定を引き継ぎました。</translation>
    </message>
    <message>
        <source>Seed of a picture</source>
        <translation>画像のシード値</translation>
    </message>
    <message>
        <source>The seed is now %1.</source>
        <translation>シード値を %1 にしました。</translation>
    </message>
    <message>
        <source>The picture is in the clipboard.</source>
        <translation>画像をクリップボードにコピーしました。</translation>
    </message>
    <message>
        <source>The report is in the clipboard. It holds no prompt and no folder names.</source>
        <translation>レポートをクリップボードにコピーしました。プロンプトとフォルダー名は含みません。</translation>
    </message>
    <message>
        <source>Folder for finished pictures</source>
        <translation>完成した画像のフォルダー</translation>
    </message>
    <message>
        <source>Pictures are saved in %1 from now on.</source>
        <translation>今後は画像を %1 に保存します。</translation>
    </message>
    <message>
        <source>Take settings from a picture</source>
        <translation>画像から設定を引き継ぐ</translation>
    </message>
    <message>
        <source>Pictures (*.png *.jpg *.jpeg *.webp)</source>
        <translation>画像 (*.png *.jpg *.jpeg *.webp)</translation>
    </message>
    <message>
        <source>Folder with LoRAs</source>
        <translation>LoRA のフォルダー</translation>
    </message>
    <message>
        <source>Folder with models</source>
        <translation>モデルのフォルダー</translation>
    </message>
    <message>
        <source>Kiln Studio %1, with Qt %2 and libtorch. Pictures are made on this machine; nothing is sent anywhere.</source>
        <translation>Kiln Studio %1（Qt %2、libtorch）。画像はこのマシンで作られ、どこにも送信されません。</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>元に戻す</translation>
    </message>
    <message>
        <source>Close anyway</source>
        <translation>それでも閉じる</translation>
    </message>
    <message>
        <source>Stopped at step %1 of %2</source>
        <translation>ステップ %1 / %2 で停止</translation>
    </message>
    <message>
        <source>A picture is being made. Closing interrupts it; the next start offers to go on.</source>
        <translation>画像を生成中です。閉じると中断されますが、次回の起動時に続きを行えます。</translation>
    </message>
    <message numerus="yes">
        <source>Pictures are being made, and %n wait in line. Closing interrupts them; the next start offers to go on.</source>
        <translation>
            <numerusform>画像を生成中で、%n 件が待機中です。閉じると中断されますが、次回の起動時に続きを行えます。</numerusform>
        </translation>
    </message>
    <message>
        <source>Paused at step %1 of %2</source>
        <translation>ステップ %1 / %2 で一時停止</translation>
    </message>
</context>
<context>
    <name>studio::ui::MemoryFixList</name>
    <message>
        <source>%1 of %2</source>
        <translation>%1（上限 %2）</translation>
    </message>
    <message>
        <source>Fixes, gentlest first</source>
        <translation>対処法（影響の小さい順）</translation>
    </message>
    <message>
        <source>Peak then</source>
        <translation>適用後の最大</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>時間</translation>
    </message>
    <message>
        <source>Picture</source>
        <translation>画像</translation>
    </message>
    <message>
        <source>nothing on the device</source>
        <translation>デバイスは使用しません</translation>
    </message>
</context>
<context>
    <name>studio::ui::MemoryForecast</name>
    <message>
        <source>Less memory</source>
        <translation>メモリの節約</translation>
    </message>
    <message>
        <source>Memory as for other models</source>
        <translation>メモリは他のモデルと同じに</translation>
    </message>
</context>
<context>
    <name>studio::ui::MemoryMap</name>
    <message>
        <source>Memory map</source>
        <translation>メモリマップ</translation>
    </message>
    <message>
        <source>Free</source>
        <translation>空き</translation>
    </message>
    <message>
        <source>▲ Missing</source>
        <translation>▲ 不足</translation>
    </message>
    <message>
        <source>%1 %2</source>
        <translation>%1 %2</translation>
    </message>
</context>
<context>
    <name>studio::ui::MemoryPanel</name>
    <message>
        <source>Tried before:
%1</source>
        <translation>これまでに試したこと：
%1</translation>
    </message>
    <message>
        <source>Use it</source>
        <translation>適用範囲</translation>
    </message>
    <message>
        <source>for this picture</source>
        <translation>この画像のみ</translation>
    </message>
    <message>
        <source>always</source>
        <translation>常に</translation>
    </message>
    <message>
        <source>Puts it into the settings; Ctrl+Z takes it back</source>
        <translation>設定に保存します。Ctrl+Z で元に戻せます</translation>
    </message>
    <message>
        <source>Apply and resume</source>
        <translation>適用して再開</translation>
    </message>
    <message>
        <source>The steps that are done stay as they are</source>
        <translation>完了したステップはそのまま残ります</translation>
    </message>
    <message>
        <source>Apply and start again</source>
        <translation>適用して最初からやり直す</translation>
    </message>
    <message>
        <source>Copy report</source>
        <translation>レポートをコピー</translation>
    </message>
    <message>
        <source>Copy what happened and the machine&apos;s data to the clipboard, without your prompt</source>
        <translation>発生した内容とマシンの情報をクリップボードにコピーします。プロンプトは含みません</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>閉じる</translation>
    </message>
    <message>
        <source>Why the way was changed</source>
        <translation>方法が変更された理由</translation>
    </message>
    <message>
        <source>Closing other programs makes room; none is closed for you.</source>
        <translation>ほかのプログラムを閉じると空きができます。自動では閉じません。</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>もう一度試す</translation>
    </message>
    <message>
        <source>From now on: %1</source>
        <translation>今後：%1</translation>
    </message>
    <message>
        <source>For this picture: %1</source>
        <translation>この画像のみ：%1</translation>
    </message>
    <message>
        <source>Less memory</source>
        <translation>メモリの節約</translation>
    </message>
    <message>
        <source>for this model</source>
        <translation>このモデルのみ</translation>
    </message>
    <message>
        <source>Kept with the settings for this model alone; Ctrl+Z takes it back</source>
        <translation>このモデルだけの設定として保存します。Ctrl+Z で元に戻せます</translation>
    </message>
    <message>
        <source>Keep partial</source>
        <translation>途中までを画像にする</translation>
    </message>
    <message>
        <source>Make a picture of what is there so far; the steps stay kept</source>
        <translation>ここまでの内容を画像にします。ステップは保存されたままです</translation>
    </message>
    <message>
        <source>For this model: %1</source>
        <translation>このモデルのみ：%1</translation>
    </message>
</context>
<context>
    <name>studio::ui::ModelChooser</name>
    <message>
        <source>None</source>
        <translation>なし</translation>
    </message>
    <message>
        <source>A second model that takes the last steps</source>
        <translation>最後のステップを受け持つ 2 つ目のモデル</translation>
    </message>
    <message>
        <source>Use these settings</source>
        <translation>この設定を使う</translation>
    </message>
    <message>
        <source>Takes over sampler, scheduler, steps and guidance that the model was made for</source>
        <translation>モデルに合わせたサンプラー、スケジューラー、ステップ数、ガイダンスを設定します</translation>
    </message>
    <message>
        <source>Settings of the model</source>
        <translation>モデル推奨の設定</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>モデル</translation>
    </message>
    <message>
        <source>Choose a model</source>
        <translation>モデルを選択</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>自動</translation>
    </message>
    <message>
        <source>The part that turns the finished latent into pixels. Automatic: the model&apos;s own, else the one beside it.</source>
        <translation>完成した潜在表現を画素に変換する部分です。自動：モデル内蔵の VAE、なければ同じフォルダーの VAE を使用します。</translation>
    </message>
    <message>
        <source>From the model</source>
        <translation>モデル内蔵</translation>
    </message>
    <message>
        <source>Model file…</source>
        <translation>モデルファイル…</translation>
    </message>
    <message>
        <source>Model folder (diffusers)…</source>
        <translation>モデルフォルダー（diffusers）…</translation>
    </message>
    <message>
        <source>Add a folder of models…</source>
        <translation>モデルのフォルダーを追加…</translation>
    </message>
    <message>
        <source>Look through the folders again</source>
        <translation>フォルダーを再検索</translation>
    </message>
    <message>
        <source>Other models</source>
        <translation>その他のモデル</translation>
    </message>
    <message>
        <source>Choose another model file or folder</source>
        <translation>別のモデルファイルまたはフォルダーを選択します</translation>
    </message>
    <message>
        <source>Looking through the folders…</source>
        <translation>フォルダーを調べています…</translation>
    </message>
    <message>
        <source>No model is chosen yet.</source>
        <translation>モデルはまだ選択されていません。</translation>
    </message>
    <message>
        <source>Not in your folders</source>
        <translation>フォルダーにありません</translation>
    </message>
    <message>
        <source>This model was not found: %1</source>
        <translation>このモデルは見つかりませんでした：%1</translation>
    </message>
    <message>
        <source>%1 is a LoRA. Add it in the LoRA panel.</source>
        <translation>%1 は LoRA です。LoRA パネルに追加してください。</translation>
    </message>
    <message>
        <source>%1 is not a model.</source>
        <translation>%1 はモデルではありません。</translation>
    </message>
    <message>
        <source>%1 was not taken: %2</source>
        <translation>%1 は読み込めませんでした：%2</translation>
    </message>
    <message>
        <source>Choose a model folder</source>
        <translation>モデルフォルダーの選択</translation>
    </message>
    <message>
        <source>Choose a file</source>
        <translation>ファイルの選択</translation>
    </message>
    <message>
        <source>Folder with models</source>
        <translation>モデルのフォルダー</translation>
    </message>
    <message>
        <source>Model files (%1)</source>
        <translation>モデルファイル (%1)</translation>
    </message>
    <message>
        <source>What the network predicts. A click takes v-prediction instead, for this file from now on.</source>
        <translation>ネットワークが予測するもの。クリックすると、このファイルでは以後 v-prediction を使います。</translation>
    </message>
</context>
<context>
    <name>studio::ui::NoticeBar</name>
    <message>
        <source>Close the message</source>
        <translation>メッセージを閉じる</translation>
    </message>
</context>
<context>
    <name>studio::ui::PictureCard</name>
    <message>
        <source>No prompt</source>
        <translation>プロンプトなし</translation>
    </message>
    <message>
        <source>Seed %1</source>
        <translation>シード値 %1</translation>
    </message>
    <message>
        <source>%1 × %2 px · %3 steps · guidance %4</source>
        <translation>%1 × %2 px · %3 ステップ · ガイダンス %4</translation>
    </message>
    <message>
        <source>%1 · %2</source>
        <translation>%1 · %2</translation>
    </message>
    <message>
        <source>Use settings</source>
        <translation>設定を使う</translation>
    </message>
    <message>
        <source>Take over everything this picture was made with</source>
        <translation>この画像を作った設定をすべて引き継ぎます</translation>
    </message>
    <message>
        <source>Use seed</source>
        <translation>シード値を使う</translation>
    </message>
    <message>
        <source>Make the next picture from the same noise</source>
        <translation>次の画像を同じノイズから作ります</translation>
    </message>
    <message>
        <source>Show in folder</source>
        <translation>フォルダーで表示</translation>
    </message>
    <message>
        <source>Open the folder the picture is in</source>
        <translation>画像のあるフォルダーを開きます</translation>
    </message>
    <message>
        <source>Selected picture</source>
        <translation>選択中の画像</translation>
    </message>
</context>
<context>
    <name>studio::ui::PictureRestorer</name>
    <message>
        <source>“%1” holds no settings that can be read.</source>
        <translation>「%1」には読み取れる設定がありません。</translation>
    </message>
    <message>
        <source>Settings from a picture</source>
        <translation>画像からの設定</translation>
    </message>
    <message>
        <source>“%1” is here as “%2”, by its hash, and taken over.</source>
        <translation>「%1」はハッシュから「%2」という名前で見つかり、設定しました。</translation>
    </message>
    <message>
        <source>“%1” is here as “%2”, by its hash.</source>
        <translation>「%1」はハッシュから「%2」という名前で見つかりました。</translation>
    </message>
    <message>
        <source>Files found by their hashes</source>
        <translation>ハッシュで見つかったファイル</translation>
    </message>
</context>
<context>
    <name>studio::ui::ProgressCard</name>
    <message>
        <source>Loading the model</source>
        <translation>モデルを読み込み中</translation>
    </message>
    <message>
        <source>Reading the prompt</source>
        <translation>プロンプトを処理中</translation>
    </message>
    <message>
        <source>Denoising</source>
        <translation>ノイズ除去中</translation>
    </message>
    <message>
        <source>Decoding</source>
        <translation>デコード中</translation>
    </message>
    <message>
        <source>Saving</source>
        <translation>保存中</translation>
    </message>
    <message>
        <source>Ready</source>
        <translation>準備完了</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>進行状況</translation>
    </message>
    <message>
        <source>Progress of the picture</source>
        <translation>画像の進行状況</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Stopped</source>
        <translation>停止しました</translation>
    </message>
    <message>
        <source>Not finished</source>
        <translation>完了しませんでした</translation>
    </message>
    <message numerus="yes">
        <source>%n picture(s) in %1</source>
        <translation>
            <numerusform>%n 枚を %1で生成</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 · peak memory %2</source>
        <translation>%1 · 最大メモリ %2</translation>
    </message>
    <message>
        <source>step %1 of %2</source>
        <translation>ステップ %1 / %2</translation>
    </message>
    <message>
        <source>picture %1 of %2</source>
        <translation>画像 %1 / %2</translation>
    </message>
    <message>
        <source>%1 · %2</source>
        <translation>%1 · %2</translation>
    </message>
    <message>
        <source>%1 left</source>
        <translation>残り %1</translation>
    </message>
    <message>
        <source>Stopping…</source>
        <translation>停止中…</translation>
    </message>
    <message>
        <source>At most %1, the time of one step</source>
        <translation>最大 %1（1 ステップの時間）</translation>
    </message>
    <message>
        <source>Stop the picture that is being made (Ctrl+Alt+Enter)</source>
        <translation>生成中の画像を停止します (Ctrl+Alt+Enter)</translation>
    </message>
    <message numerus="yes">
        <source>%n waiting</source>
        <translation>
            <numerusform>待機 %n 件</numerusform>
        </translation>
    </message>
    <message>
        <source>Remove the waiting jobs from the line</source>
        <translation>待機中のジョブを削除します</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>一時停止</translation>
    </message>
    <message>
        <source>Put the picture aside where it is and go on with it later</source>
        <translation>画像を今のところで中断し、後で続けます</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>一時停止中</translation>
    </message>
    <message numerus="yes">
        <source>%n picture(s), the rest in %1</source>
        <translation>
            <numerusform>%n 枚（残りを %1で生成）</numerusform>
        </translation>
    </message>
    <message>
        <source>goes on after step %1 of %2</source>
        <translation>ステップ %1 / %2 の続きから</translation>
    </message>
    <message>
        <source>Waiting for your answer</source>
        <translation>回答待ち</translation>
    </message>
</context>
<context>
    <name>studio::ui::PromptEdit</name>
    <message>
        <source>This bracket has no partner. To write a bracket itself, type \( or \).</source>
        <translation>対になる括弧がありません。括弧そのものを書くには \( または \) とします。</translation>
    </message>
    <message>
        <source>LoRA “%1”</source>
        <translation>LoRA「%1」</translation>
    </message>
    <message>
        <source>There is no LoRA named “%1” in your folders.</source>
        <translation>「%1」という名前の LoRA はフォルダーにありません。</translation>
    </message>
    <message>
        <source>Here the text encoder starts a new chunk of 75 tokens.</source>
        <translation>ここからテキストエンコーダーの次の 75 トークンの区切りが始まります。</translation>
    </message>
</context>
<context>
    <name>studio::ui::PromptNotes</name>
    <message>
        <source>Notes on the prompt</source>
        <translation>プロンプトへの注意</translation>
    </message>
    <message numerus="yes">
        <source>and %n more</source>
        <translation>
            <numerusform>ほか %n 件</numerusform>
        </translation>
    </message>
    <message>
        <source>Show the place</source>
        <translation>場所を表示</translation>
    </message>
    <message>
        <source>Show the place: %1</source>
        <translation>場所を表示: %1</translation>
    </message>
    <message>
        <source>Do not say this again</source>
        <translation>今後は表示しない</translation>
    </message>
    <message>
        <source>Do not say this again: %1</source>
        <translation>今後は表示しない: %1</translation>
    </message>
</context>
<context>
    <name>studio::ui::PromptPanel</name>
    <message>
        <source>Prompts</source>
        <translation>プロンプト</translation>
    </message>
    <message>
        <source>Prompt</source>
        <translation>プロンプト</translation>
    </message>
    <message>
        <source>Negative prompt</source>
        <translation>ネガティブプロンプト</translation>
    </message>
</context>
<context>
    <name>studio::ui::PromptSection</name>
    <message>
        <source>Ctrl+Up and Ctrl+Down change the weight of the marked text or the word.</source>
        <translation>Ctrl+↑ と Ctrl+↓ で、選択した文字列または単語の重みを変えます。</translation>
    </message>
    <message>
        <source>Tokens used</source>
        <translation>使用トークン数</translation>
    </message>
    <message>
        <source>%1 / %2 tokens</source>
        <comment>used / room for</comment>
        <translation>%1 / %2 トークン</translation>
    </message>
    <message>
        <source>The text encoder reads 75 tokens at a time. Most English words are one token; Japanese text needs several for each word, and most models learnt from English. Weights and LoRA tags are not counted.</source>
        <translation>テキストエンコーダーは 75 トークンずつ読み込みます。英単語はおおむね 1 トークンですが、日本語は 1 語に数トークンを使います。ほとんどのモデルは英語で学習されています。重みと LoRA タグは数えません。</translation>
    </message>
</context>
<context>
    <name>studio::ui::RestorePanel</name>
    <message>
        <source>Settings from a picture</source>
        <translation>画像の設定</translation>
    </message>
    <message>
        <source>What could not be taken over as it was</source>
        <translation>そのまま引き継げなかったもの</translation>
    </message>
    <message>
        <source>How the prompts were translated</source>
        <translation>プロンプトの変換内容</translation>
    </message>
    <message>
        <source>Struck out: words of the original. Underlined: what stands there now.</source>
        <translation>取り消し線：元の語。下線：変換後の語。</translation>
    </message>
    <message>
        <source>Use the original wording</source>
        <translation>元の書き方を使う</translation>
    </message>
    <message>
        <source>Put the prompts back as the other program wrote them</source>
        <translation>プロンプトを元のプログラムの書き方に戻します</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>閉じる</translation>
    </message>
    <message>
        <source>Not in your folders: %1</source>
        <translation>フォルダーにありません：%1</translation>
    </message>
    <message>
        <source>Original wording</source>
        <translation>元の書き方</translation>
    </message>
    <message>
        <source>Search by hash</source>
        <translation>ハッシュでの検索</translation>
    </message>
    <message>
        <source>Stop searching</source>
        <translation>検索を停止</translation>
    </message>
    <message>
        <source>Not in your folders: %1 (hash %2)</source>
        <translation>フォルダーにありません：%1（ハッシュ %2）</translation>
    </message>
    <message>
        <source>Looking for it by its hash: %1 of %2 read</source>
        <translation>ハッシュで検索中：%2 のうち %1 を読み込み済み</translation>
    </message>
    <message>
        <source>Looking for it by its hash…</source>
        <translation>ハッシュで検索中…</translation>
    </message>
    <message>
        <source>Reproduced as: %1</source>
        <translation>再現方式：%1</translation>
    </message>
</context>
<context>
    <name>studio::ui::SamplingCard</name>
    <message>
        <source>Sampling</source>
        <translation>サンプリング</translation>
    </message>
    <message>
        <source>How many steps remove the noise. More take longer; past 30 little changes.</source>
        <translation>ノイズを取り除く回数です。多いほど時間がかかり、30 を超えるとあまり変わりません。</translation>
    </message>
    <message>
        <source>How strongly the prompt is followed. 1 switches guidance off and is twice as fast.</source>
        <translation>プロンプトに従う強さです。1 にするとガイダンスが無効になり、速度は 2 倍になります。</translation>
    </message>
    <message>
        <source>Pictures made side by side: needs more memory</source>
        <translation>同時に生成する枚数です。多いほどメモリを使います。</translation>
    </message>
    <message>
        <source>How often in a row: needs more time</source>
        <translation>続けて生成する回数です。多いほど時間がかかります。</translation>
    </message>
    <message>
        <source>The algorithm that removes the noise. DPM++ 2M is a good start.</source>
        <translation>ノイズを取り除くアルゴリズムです。最初は DPM++ 2M がおすすめです。</translation>
    </message>
    <message>
        <source>Scheduler: how the noise levels are spaced over the steps. Karras is a good start.</source>
        <translation>スケジューラー：ノイズの強さを各ステップにどう割り振るかを決めます。最初は Karras がおすすめです。</translation>
    </message>
</context>
<context>
    <name>studio::ui::SeedField</name>
    <message>
        <source>random</source>
        <translation>ランダム</translation>
    </message>
    <message>
        <source>Start value of the noise: the same seed and settings make the same picture. Empty: random.</source>
        <translation>ノイズの初期値です。同じシード値と設定からは同じ画像ができます。空欄ではランダムになります。</translation>
    </message>
    <message>
        <source>Random</source>
        <translation>ランダム</translation>
    </message>
    <message>
        <source>On: a new seed for each job. Off: the seed is kept.</source>
        <translation>オン：生成のたびに新しいシード値を使います。オフ：シード値を固定します。</translation>
    </message>
    <message>
        <source>Reuse last</source>
        <translation>前回の値</translation>
    </message>
    <message>
        <source>Use the seed of the newest picture: %1</source>
        <translation>最新の画像のシード値を使用します：%1</translation>
    </message>
    <message>
        <source>Use the seed of the newest picture. There is none yet.</source>
        <translation>最新の画像のシード値を使用します。画像はまだありません。</translation>
    </message>
</context>
<context>
    <name>studio::ui::SizeCard</name>
    <message>
        <source>Size</source>
        <translation>サイズ</translation>
    </message>
    <message>
        <source>by</source>
        <translation>×</translation>
    </message>
    <message>
        <source>Swap</source>
        <translation>入れ替え</translation>
    </message>
    <message>
        <source>Exchange width and height</source>
        <translation>幅と高さを入れ替えます</translation>
    </message>
    <message>
        <source>Lock ratio</source>
        <translation>比率を固定</translation>
    </message>
    <message>
        <source>Changing one side changes the other, so that the shape stays</source>
        <translation>一辺を変えると、比率を保つようにもう一辺も変わります</translation>
    </message>
    <message>
        <source>%1 in pixels; steps of %2</source>
        <translation>%1（ピクセル、%2 刻み）</translation>
    </message>
    <message>
        <source>%1 × %2 px</source>
        <translation>%1 × %2 px</translation>
    </message>
    <message>
        <source>%1 MP</source>
        <comment>megapixels</comment>
        <translation>%1 MP</translation>
    </message>
    <message>
        <source>%1 · trained size</source>
        <translation>%1・学習時のサイズ</translation>
    </message>
    <message>
        <source>%1 · suits the model</source>
        <translation>%1・モデルに適合</translation>
    </message>
    <message>
        <source>▲ %1 · too small</source>
        <translation>▲ %1・小さすぎます</translation>
    </message>
    <message>
        <source>▲ %1 · too large</source>
        <translation>▲ %1・大きすぎます</translation>
    </message>
    <message>
        <source>▲ %1 · very long</source>
        <translation>▲ %1・細長すぎます</translation>
    </message>
    <message>
        <source>This model was trained on %1 × %2 px. Much smaller pictures lose their subject or look blurred.</source>
        <translation>このモデルは %1 × %2 px で学習されています。それよりかなり小さい画像では、題材が失われたりぼやけたりします。</translation>
    </message>
    <message>
        <source>This model was trained on %1 × %2 px. In much larger pictures it tends to repeat the subject.</source>
        <translation>このモデルは %1 × %2 px で学習されています。それよりかなり大きい画像では、題材が繰り返されがちです。</translation>
    </message>
    <message>
        <source>This model was trained on %1 × %2 px. Along a very long side it tends to repeat the subject.</source>
        <translation>このモデルは %1 × %2 px で学習されています。とても長い辺に沿って、題材が繰り返されがちです。</translation>
    </message>
    <message>
        <source>This model was trained on %1 × %2 px.</source>
        <translation>このモデルは %1 × %2 px で学習されています。</translation>
    </message>
</context>
<context>
    <name>studio::ui::StatusLine</name>
    <message>
        <source>%1: not used. %2</source>
        <translation>%1：使用しません。%2</translation>
    </message>
    <message numerus="yes">
        <source>%1 · %n thread(s)</source>
        <translation>
            <numerusform>%1 · %n スレッド</numerusform>
        </translation>
    </message>
    <message>
        <source>RAM %1 of %2</source>
        <translation>RAM %1 / %2</translation>
    </message>
    <message>
        <source>Looking for models…</source>
        <translation>モデルを探しています…</translation>
    </message>
    <message>
        <source>%1 · %2</source>
        <translation>%1 · %2</translation>
    </message>
    <message numerus="yes">
        <source>%n model(s)</source>
        <translation>
            <numerusform>モデル %n 個</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n LoRA(s)</source>
        <translation>
            <numerusform>LoRA %n 個</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>studio::ui::UnfinishedCard</name>
    <message>
        <source>without a prompt</source>
        <translation>プロンプトなし</translation>
    </message>
    <message>
        <source>not begun</source>
        <translation>未開始</translation>
    </message>
    <message>
        <source>step %1 of %2</source>
        <translation>ステップ %1 / %2</translation>
    </message>
    <message>
        <source>picture %1 of %2, %3</source>
        <translation>画像 %1 / %2、%3</translation>
    </message>
    <message>
        <source>“%1” (%2)</source>
        <translation>「%1」（%2）</translation>
    </message>
    <message>
        <source>Unfinished pictures</source>
        <translation>未完了の画像</translation>
    </message>
    <message>
        <source>Discard</source>
        <translation>破棄</translation>
    </message>
    <message>
        <source>Forget what was not finished; pictures on disk stay</source>
        <translation>未完了の作業を破棄します。ディスク上の画像は残ります</translation>
    </message>
    <message>
        <source>Later</source>
        <translation>後で</translation>
    </message>
    <message>
        <source>Ask again at the next start</source>
        <translation>次回の起動時にもう一度確認します</translation>
    </message>
    <message numerus="yes">
        <source>The studio ended %n times in the middle of this picture, so it was set aside: %1</source>
        <translation>
            <numerusform>この画像の途中でスタジオが %n 回終了したため、保留にしました: %1</numerusform>
        </translation>
    </message>
    <message>
        <source>This picture was not finished: %1</source>
        <translation>この画像は未完了です: %1</translation>
    </message>
    <message numerus="yes">
        <source>This picture was not finished: %1, and %n more in line</source>
        <translation>
            <numerusform>この画像は未完了です: %1、ほかに %n 件が待機中</numerusform>
        </translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>もう一度試す</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>続ける</translation>
    </message>
    <message>
        <source>%1 Main memory was nearly full then; the system may have ended the studio.</source>
        <translation>%1 そのときメインメモリがほぼ一杯でした。システムがスタジオを終了させた可能性があります。</translation>
    </message>
</context>
</TS>
